using System.Collections.Concurrent;
using Steno.Files;

namespace Steno;

/// <summary>
/// A file that is either whole or untouched: the text goes to a new file beside it, which takes its name once everything is written.
/// Devices and pipes have no such protection and are written directly, and so is a file whose owner this user could not keep.
/// </summary>
internal sealed class OutputFile : IDisposable
{
    /// <summary>Where a file is looked at to see whether it holds text.</summary>
    private const int TextBytes = 4096;

    // Held for as long as there is an unfinished file.
    private static readonly SemaphoreSlim Writing = new(1, 1);

    // Folders in which nothing is left of processes that were killed.
    private static readonly ConcurrentDictionary<string, bool> TidyFolders = new(StringComparer.Ordinal);

    private readonly string _displayName;
    private readonly string _target;
    private readonly bool _keepsOwner;
    private readonly Stream? _direct;

    private OutputFile(string displayName, string target, bool keepsOwner, Stream? direct)
    {
        _displayName = displayName;
        _target = target;
        _keepsOwner = keepsOwner;
        _direct = direct;
    }

    /// <summary>Proves that the path can be written, and leaves it as it was.</summary>
    /// <param name="path">Where to write; links are followed.</param>
    /// <exception cref="OutputException">It cannot, or something would be lost that is no text.</exception>
    /// <exception cref="ArgumentException">The path is empty.</exception>
    public static OutputFile Probe(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            if (FileNames.IsLost(path)) throw Unwritable(path, FileNames.Problem, null);
            FileStatus? status = FileStatus.Of(path);
            if (status?.Kind == FileKind.Directory)
                throw new OutputException(Unwritten(path, "it is a directory"), innerException: null) { DirectoryPath = path };
            if (FileLinks.DescriptorNumber(path) is { } number && !FileDescriptor.IsHandedIn(number)) throw Unwritable(path, FileFault.NotOpen, null);
            bool isDescriptor = FileLinks.IsDescriptor(path);
            if (isDescriptor || status is { Kind: not FileKind.Regular })
                return new OutputFile(path, path, keepsOwner: true, OpenDirectly(path, status, isDescriptor));

            string target = FileLinks.Resolve(path);
            if (status is not null) RequireText(path, target);
            if (TidyFolders.TryAdd(Path.GetDirectoryName(target)!, true)) WholeFile.DeleteLeftOvers(target);
            using var trial = new WholeFile(target, bufferSize: 0);
            return new OutputFile(path, target, trial.KeepsOwner, direct: null);
        }
        catch (Exception exception) when (FileFault.Is(exception))
        {
            throw Unwritable(path, Explain(path, exception), exception);
        }
    }

    /// <summary>Makes these bytes the whole content of the file.</summary>
    /// <exception cref="OutputException">They cannot be written; the file is as it was before.</exception>
    public void Replace(ReadOnlySpan<byte> content)
    {
        try
        {
            if (_direct is not null)
            {
                _direct.Write(content);
                return;
            }

            Writing.Wait();
            try
            {
                ReplaceWhole(content);
            }
            finally
            {
                Writing.Release();
            }
        }
        catch (Exception exception) when (FileFault.Is(exception))
        {
            throw Unwritable(_displayName, FileFault.ReasonOf(exception), exception);
        }
    }

    /// <summary>Says that a file is half written, and will be whole or gone when the result is disposed.</summary>
    public static IDisposable BeginUnfinished()
    {
        Writing.Wait();
        return new Unfinished();
    }

    /// <summary>Waits until no file is half written, and lets none begin: for a process that is about to end while work goes on.</summary>
    /// <param name="patience">How long to wait for a file system that does not answer.</param>
    public static void Seal(TimeSpan patience) => Writing.Wait(patience);

    public void Dispose() => _direct?.Dispose();

    private void ReplaceWhole(ReadOnlySpan<byte> content)
    {
        using var file = new WholeFile(_target, bufferSize: 0);
        file.Stream.Write(content);
        file.Flush();
        if (_keepsOwner && file.KeepsOwner)
        {
            file.Complete(overwrites: true);
            return;
        }

        // The new file has shown that there is room.
        using var existing = new FileStream(_target, FileMode.Truncate, FileAccess.Write, FileShare.Read, bufferSize: 0);
        existing.Write(content);
        existing.Flush(flushToDisk: true);
    }

    // What a process has open is added to: a file that others write too has no other place for it.
    private static FileStream OpenDirectly(string path, FileStatus? status, bool isDescriptor)
    {
        if (status?.Kind is FileKind.BlockDevice or FileKind.Socket or FileKind.Unknown)
            throw Unwritable(path, $"it is {(status.Kind == FileKind.BlockDevice ? "a disk" : status.KindText)}", null);
        FileMode mode = isDescriptor && status?.Kind == FileKind.Regular ? FileMode.Append : FileMode.Open;
        return new FileStream(path, mode, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
    }

    // Opening what exists shows whether it may be written. Bytes of zero are in recordings and models, and in no text.
    private static void RequireText(string path, string target)
    {
        new FileStream(target, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0).Dispose();
        Span<byte> start = stackalloc byte[TextBytes];
        try
        {
            using var existing = new FileStream(target, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            start = start[..existing.ReadAtLeast(start, TextBytes, throwOnEndOfStream: false)];
        }
        catch (UnauthorizedAccessException)
        {
            return;
        }

        if (start.Contains((byte)0))
            throw Unwritable(path, "it holds something other than text, which would be lost: delete it first, or name another file", null);
    }

    private static string Explain(string path, Exception exception) => exception is DirectoryNotFoundException
        ? "there is no directory " + (Path.GetDirectoryName(Path.GetFullPath(path)) ?? path)
        : FileFault.ReasonOf(exception);

    private static OutputException Unwritable(string path, string reason, Exception? cause) => new(Unwritten(path, reason), cause);

    private static string Unwritten(string path, string reason) => $"{path}: the output cannot be written: {reason}";

    private sealed class Unfinished : IDisposable
    {
        public void Dispose() => Writing.Release();
    }
}
