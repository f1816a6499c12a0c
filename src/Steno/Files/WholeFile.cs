using System.Text;

namespace Steno.Files;

/// <summary>A file that comes to be whole or not at all: it is written beside its place and takes it at the end, with the owner and the permissions of what was there.</summary>
/// <remarks>
/// Until then it is called <c>NAME.RANDOM.steno.part</c> and locked. One that is not locked was left by a process that was killed; the next one that
/// writes into the folder deletes it.
/// </remarks>
internal sealed class WholeFile : IDisposable
{
    /// <summary>Ends the name of a file that is not whole.</summary>
    public const string PartSuffix = ".steno.part";

    // What Linux file systems take, and what of it leaves room for the rest of the other name.
    private const int MaxNameBytes = 255;
    private const int MaxPartNameBytes = 200;

    // Another process makes its file and then locks it.
    private static readonly TimeSpan OldEnough = TimeSpan.FromMinutes(1);

    private readonly string _path;
    private readonly string _partPath;
    private bool _isDone;

    /// <summary>Begins to write.</summary>
    /// <param name="path">The place that it is to take: a full path, which is no link.</param>
    /// <param name="bufferSize">Bytes that are collected before they are written.</param>
    /// <exception cref="IOException">The file cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be made.</exception>
    public WholeFile(string path, int bufferSize)
    {
        if (OperatingSystem.IsLinux() && Encoding.UTF8.GetByteCount(Path.GetFileName(path)) > MaxNameBytes)
            throw new PathTooLongException($"The name is longer than {MaxNameBytes} bytes: '{path}'.");
        _path = path;
        _partPath = Path.Combine(Path.GetDirectoryName(path)!, $"{PartName(path)}.{Path.GetRandomFileName()[..8]}{PartSuffix}");
        FileStatus? replaced = FileStatus.Of(path);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None, BufferSize = bufferSize };
        if (replaced is not null && !OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        Stream = new FileStream(_partPath, options);
        try
        {
            KeepsOwner = replaced is null || FileOwner.TryGive(Stream.SafeFileHandle, path, replaced);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Takes the content.</summary>
    public FileStream Stream { get; }

    /// <summary>False when a file is to be replaced whose owner or group this user cannot keep: such a one should stay.</summary>
    public bool KeepsOwner { get; }

    /// <summary>Deletes what processes left that were killed while they wrote.</summary>
    /// <param name="path">The file that is to be written: what was left of it goes, and what is older than a minute of others in its folder.</param>
    public static void DeleteLeftOvers(string path)
    {
        try
        {
            string own = PartName(path) + ".";
            foreach (FileInfo file in new FileInfo(path).Directory!.EnumerateFiles("*" + PartSuffix))
            {
                if (file.Name.StartsWith(own, StringComparison.Ordinal) || DateTime.UtcNow - file.LastWriteTimeUtc > OldEnough) DeleteUnlocked(file);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Not to be able to tidy up is no reason not to work.
        }
    }

    /// <summary>Brings the content to the disk; the file keeps its other name.</summary>
    /// <exception cref="IOException">The disk is full or fails.</exception>
    public void Flush() => Stream.Flush(flushToDisk: true);

    /// <summary>Takes the place.</summary>
    /// <param name="overwrites">True to replace what is there.</param>
    /// <exception cref="IOException">There is a file already, or the place cannot be taken.</exception>
    public void Complete(bool overwrites)
    {
        // Locked up to the end, where an open file can get another name.
        if (OperatingSystem.IsWindows()) Stream.Dispose();
        File.Move(_partPath, _path, overwrites);
        _isDone = true;
        Stream.Dispose();
    }

    /// <summary>Deletes the file, unless it has taken its place.</summary>
    public void Dispose()
    {
        if (_isDone) return;
        _isDone = true;
        try
        {
            Stream.Dispose();
        }
        catch (IOException)
        {
            // Bytes that did not fit on the disk are not wanted any more.
        }

        File.Delete(_partPath);
    }

    private static string PartName(string path)
    {
        string name = Path.GetFileName(path);
        while (Encoding.UTF8.GetByteCount(name) > MaxPartNameBytes) name = name[..^1];
        return name;
    }

    private static void DeleteUnlocked(FileInfo file)
    {
        if (file.LinkTarget is not null || FileStatus.Of(file.FullName) is not { Kind: FileKind.Regular }) return;
        try
        {
            // On Windows what is open cannot be deleted anyhow.
            using FileStream? own = OperatingSystem.IsWindows() ? null : new FileStream(file.FullName, FileMode.Open, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            File.Delete(file.FullName);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Another process writes it, or it is another user's.
        }
    }
}
