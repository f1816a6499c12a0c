using System.Text;
using Steno.Files;

namespace Steno.Cli.Regression;

/// <summary>Reads the texts that recordings are compared with, and writes those that are missing.</summary>
internal sealed class ReferenceTexts
{
    /// <summary>Beyond the words of 12 hours in any script; the time of a comparison grows with the square.</summary>
    public const int MaxBytes = 2 << 20;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly HashSet<string> _tidyFolders = [];

    /// <summary>Reads a text, without the space around it.</summary>
    /// <exception cref="CommandException">It cannot be read, is too long, or is not UTF-8.</exception>
    public static string Read(string path)
    {
        try
        {
            if (FileStatus.Of(path) is { Kind: not FileKind.Regular } status) throw Unreadable(path, $"it is {status.KindText}", null);
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            if (file.Length > MaxBytes) throw Unreadable(path, $"it has {file.Length} bytes, and at most {MaxBytes} are read", null);
            byte[] bytes = new byte[file.Length];
            string text = StrictUtf8.GetString(bytes.AsSpan(0, file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)));
            return text.TrimStart('\uFEFF').Trim();
        }
        catch (DecoderFallbackException exception)
        {
            throw Unreadable(path, "it is not UTF-8: save it in that encoding", exception);
        }
        catch (Exception exception) when (FileFault.Is(exception))
        {
            throw Unreadable(path, FileFault.ReasonOf(exception), exception);
        }
    }

    /// <summary>Writes a text that is missing, whole or not at all. What is there, or came to be there meanwhile, stays.</summary>
    /// <exception cref="CommandException">It cannot be written.</exception>
    public void Write(string path, string text)
    {
        try
        {
            string fullPath = Path.GetFullPath(path);
            if (_tidyFolders.Add(Path.GetDirectoryName(fullPath)!)) WholeFile.DeleteLeftOvers(fullPath);
            using IDisposable unfinished = OutputFile.BeginUnfinished();
            using var file = new WholeFile(fullPath, bufferSize: 0);
            file.Stream.Write(StrictUtf8.GetBytes(text + "\n"));
            file.Flush();
            file.Complete(overwrites: false);
        }
        catch (Exception exception) when (FileFault.Is(exception))
        {
            throw new CommandException(ExitCode.Output, $"{path}: the output cannot be written: {FileFault.ReasonOf(exception)}", exception);
        }
    }

    private static CommandException Unreadable(string path, string reason, Exception? cause) =>
        new(ExitCode.Audio, $"{path}: the text to compare with cannot be read: {reason}", cause);
}
