using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Steno.Cli.Output;

/// <summary>The three streams of the process: audio in, text out, everything else to the error stream. Always UTF-8 without a byte order mark.</summary>
internal sealed class StandardStreams : IDisposable
{
    private const int BrokenPipe = 32; // EPIPE, the same number on Linux and macOS

    private readonly Stream _output;

    public StandardStreams()
    {
        if (OperatingSystem.IsWindows() && (!Console.IsOutputRedirected || !Console.IsErrorRedirected))
            Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        _output = OpenOutput();
    }

    /// <summary>For progress, statistics, warnings and errors.</summary>
    public ErrorStream Error { get; } = new();

    /// <summary>Whether a name stands for standard output. To open it by its path would lose the place up to which other programs have written.</summary>
    public static bool IsOutput(string path) => path == "-" || (!OperatingSystem.IsWindows() && path is "/dev/stdout" or "/dev/fd/1" or "/proc/self/fd/1");

    public static Stream OpenInput() => Console.OpenStandardInput();

    /// <summary>Writes text and hands it to the system at once.</summary>
    /// <exception cref="OutputClosedException">The reader went away.</exception>
    /// <exception cref="CommandException">The text cannot be written.</exception>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        try
        {
            _output.Write(bytes);
            _output.Flush();
        }
        catch (IOException exception) when (!OperatingSystem.IsWindows() && exception.HResult == BrokenPipe)
        {
            throw new OutputClosedException(exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(ExitCode.Output, "standard output cannot be written: " + exception.Message, exception);
        }
    }

    public void Dispose()
    {
        _output.Dispose();
        Error.Dispose();
    }

    // The console stream takes a broken pipe for success, so that a long run would go on for nobody: a pipe is written directly.
    // A redirection to a file must stay with the console stream, which moves the offset that other processes share.
    private static Stream OpenOutput()
    {
        if (OperatingSystem.IsWindows() || !Console.IsOutputRedirected)
            return Console.OpenStandardOutput();

        FileStream direct;
        try
        {
            direct = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return Console.OpenStandardOutput();
        }

        if (!direct.CanSeek)
            return direct;
        direct.Dispose();
        return Console.OpenStandardOutput();
    }
}
