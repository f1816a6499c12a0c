using Steno.Audio;
using Steno.Cli.Output;
using Steno.Files;

namespace Steno.Cli.Input;

/// <summary>Where audio comes from: a file, or standard input.</summary>
/// <param name="Path">Path of the file, or null for standard input.</param>
/// <param name="Encoding">How its bytes are read.</param>
internal sealed record AudioInput(string? Path, AudioEncoding Encoding)
{
    private static readonly string[] InputNames = ["/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"];

    /// <summary>The path as the user wrote it, or <c>-</c>.</summary>
    public string Name => Path ?? "-";

    /// <summary>Finds out, before a model is loaded, what need not be tried.</summary>
    /// <exception cref="CommandException">The audio cannot be opened.</exception>
    public void Check()
    {
        if (Path is null)
        {
            if (StandardInput.IsClosed)
                throw new CommandException(ExitCode.Audio, "standard input is closed: pipe audio into it, or name a file");
            if (!Console.IsInputRedirected)
                throw CommandException.Usage("standard input is a terminal: pipe audio into it, or name a file");
            return;
        }

        if (InputNames.Contains(Path) && StandardInput.IsClosed)
            throw new CommandException(ExitCode.Audio, $"{Path}: standard input is closed");
        RequireFile(Path, "to transcribe the files in it, use --output FOLDER");
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
        if (!File.Exists(path))
            throw new CommandException(ExitCode.Audio, $"{path}: {(FileNames.IsLost(path) ? FileNames.Problem + ": rename it, or read it through standard input (steno - < FILE)" : FileFault.Missing)}");
    }

    /// <summary>Length of the file; 0 when nobody can tell.</summary>
    public long ByteCount()
    {
        try
        {
            return Path is null ? 0 : new FileInfo(FileLinks.Resolve(Path)).Length;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    /// <summary>The bytes, where they are not a file that describes itself; else null.</summary>
    public Stream? OpenStream() => Path switch
    {
        null => StandardStreams.OpenInput(),
        _ when Encoding != AudioEncoding.Auto => new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete),
        _ => null,
    };
}
