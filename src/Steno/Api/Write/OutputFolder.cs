using Steno.Files;

namespace Steno;

/// <summary>Folders that transcripts go to.</summary>
internal static class OutputFolder
{
    /// <summary>Makes a folder with all that it lies in.</summary>
    /// <exception cref="OutputException">It cannot be made.</exception>
    public static void Make(string folder)
    {
        try
        {
            if (FileNames.IsLost(folder)) throw new IOException(FileNames.Problem);
            Directory.CreateDirectory(folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new OutputException($"{folder}: the folder cannot be made: {FileFault.ReasonOf(exception)}", exception);
        }
    }
}
