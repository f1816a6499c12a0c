using Steno.Files;

namespace Steno.Cli.Input;

/// <summary>Recordings that a command reads after it has worked for minutes.</summary>
internal static class AudioFiles
{
    /// <summary>Sees that every file can be opened.</summary>
    /// <exception cref="CommandException">One cannot.</exception>
    public static void Require(IEnumerable<string> paths)
    {
        foreach (string path in paths)
        {
            AudioInput.RequireFile(path, "name the files in it");
            try
            {
                using FileStream file = File.OpenRead(path);
            }
            catch (Exception exception) when (FileFault.Is(exception))
            {
                throw new CommandException(ExitCode.Audio, $"{path}: the audio cannot be read: {FileFault.ReasonOf(exception)}", exception);
            }
        }
    }
}
