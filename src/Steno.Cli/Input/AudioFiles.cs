using Steno.Cli.Commands;
using Steno.Files;

namespace Steno.Cli.Input;

/// <summary>Finds out, before a model is loaded, which recordings need not be tried.</summary>
internal static class AudioFiles
{
    private const int StandardInputNumber = 0;

    /// <summary>Sees that a recording can be there.</summary>
    /// <exception cref="CommandException">It cannot.</exception>
    public static void Require(AudioSource source)
    {
        if (source.Path is null)
        {
            if (!FileDescriptor.IsHandedIn(StandardInputNumber))
                throw new CommandException(ExitCode.Audio, "standard input is closed: pipe audio into it, or name a file");
            if (!Console.IsInputRedirected)
                throw CommandException.Usage("standard input is a terminal: pipe audio into it, or name a file");
            return;
        }

        if (SourceFailure.OfClosed(source.Path) is { } failure)
            throw TranscribeFaults.Of(failure);
        RequireFile(source.Path, "to transcribe the files in it, use --output FOLDER");
    }

    /// <summary>Sees that every file can be opened.</summary>
    /// <exception cref="CommandException">One cannot.</exception>
    public static void Require(IEnumerable<string> paths)
    {
        foreach (string path in paths)
        {
            RequireFile(path, "name the files in it");
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

    /// <summary>Sees that a path leads to a file.</summary>
    /// <param name="path">As the user wrote it.</param>
    /// <param name="remedy">What to do when it leads to a directory.</param>
    /// <exception cref="CommandException">It does not.</exception>
    public static void RequireFile(string path, string remedy)
    {
        if (path.Length == 0)
            throw CommandException.Usage("the name of an audio file is empty");
        if (Directory.Exists(path))
            throw new CommandException(ExitCode.Audio, $"{path}: is a directory: {remedy}");
        if (SourceFailure.OfMissing(path) is { } failure)
            throw TranscribeFaults.Of(failure);
    }
}
