using Steno.Audio;
using Steno.Cli.Output;

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

        if (Path.Length == 0)
            throw CommandException.Usage("the name of an audio file is empty");
        if (InputNames.Contains(Path) && StandardInput.IsClosed)
            throw new CommandException(ExitCode.Audio, $"{Path}: standard input is closed");
        if (Directory.Exists(Path))
            throw new CommandException(ExitCode.Audio, $"{Path}: is a directory, not an audio file");
        if (!File.Exists(Path))
            throw new CommandException(ExitCode.Audio, $"{Path}: there is no such file");
    }

    /// <summary>Starts to transcribe.</summary>
    /// <exception cref="CommandException">The audio cannot be opened.</exception>
    public Transcription Start(AsrModel model, TranscribeOptions options, Stream? stream, CancellationToken cancellationToken) =>
        stream is null
            ? model.Transcribe(Path!, options, cancellationToken)
            : model.Transcribe(stream, Encoding, options, cancellationToken);

    /// <summary>The bytes, where they are not a file that describes itself; else null.</summary>
    public Stream? OpenStream() => Path switch
    {
        null => StandardStreams.OpenInput(),
        _ when Encoding != AudioEncoding.Auto => new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete),
        _ => null,
    };
}
