namespace Steno.Cli.Output;

/// <summary>
/// A file that is either whole or untouched: the text goes to a new file beside it, which takes its name once everything is written.
/// Devices and pipes have no such protection and are written directly.
/// </summary>
internal sealed class OutputFile : IDisposable
{
    // Held for as long as there is an unfinished file.
    private static readonly SemaphoreSlim Writing = new(1, 1);

    private readonly string _displayName;
    private readonly string _target;
    private readonly Stream? _direct;

    private OutputFile(string displayName, string target, Stream? direct)
    {
        _displayName = displayName;
        _target = target;
        _direct = direct;
    }

    /// <summary>Proves that the path can be written, and leaves it as it was.</summary>
    /// <exception cref="CommandException">It cannot.</exception>
    public static OutputFile Probe(string path)
    {
        if (path.Length == 0)
            throw CommandException.Usage("the name of the output file is empty");
        try
        {
            string target = Resolve(path);
            if (Directory.Exists(target))
                throw Unwritable(path, $"it is a directory; name a file, or write {Path.TrimEndingDirectorySeparator(path)}{Path.DirectorySeparatorChar} for a file in it named after the audio", null);
            if (OpenDirectly(target) is { } direct)
                return new OutputFile(path, target, direct);

            string probe = NameBeside(target);
            using (new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose))
                return new OutputFile(path, target, direct: null);
        }
        catch (Exception exception) when (IsFileSystemFault(exception))
        {
            throw Unwritable(path, Explain(path, exception), exception);
        }
    }

    /// <summary>Makes these bytes the whole content of the file.</summary>
    /// <exception cref="CommandException">They cannot be written; the file is as it was before.</exception>
    public void Replace(ReadOnlySpan<byte> content)
    {
        try
        {
            if (_direct is not null)
            {
                _direct.Write(content);
                _direct.Flush();
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
        catch (Exception exception) when (IsFileSystemFault(exception))
        {
            throw Unwritable(_displayName, exception.Message, exception);
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
        string temporary = NameBeside(_target);
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                stream.Write(content);
                stream.Flush(flushToDisk: true);
            }

            if (!OperatingSystem.IsWindows() && File.Exists(_target))
                File.SetUnixFileMode(temporary, File.GetUnixFileMode(_target));
            File.Move(temporary, _target, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    private static string Resolve(string path)
    {
        string full = Path.GetFullPath(path);
        if (IsDevice(full) || new FileInfo(full).LinkTarget is null)
            return full;
        return File.ResolveLinkTarget(full, returnFinalTarget: true)?.FullName ?? full;
    }

    // Opening what exists shows whether it may be written. A pipe cannot seek; device files lie in /dev.
    private static FileStream? OpenDirectly(string target)
    {
        if (!File.Exists(target))
            return null;
        var existing = new FileStream(target, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        if (!existing.CanSeek || IsDevice(target))
            return existing;
        existing.Dispose();
        return null;
    }

    private static bool IsDevice(string fullPath) => !OperatingSystem.IsWindows() && fullPath.StartsWith("/dev/", StringComparison.Ordinal);

    private static string NameBeside(string target) =>
        Path.Combine(Path.GetDirectoryName(target) ?? ".", $".steno-{Guid.NewGuid():N}.tmp");

    private static bool IsFileSystemFault(Exception exception) =>
        exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException;

    private static string Explain(string path, Exception exception) => exception switch
    {
        DirectoryNotFoundException => "there is no directory " + (Path.GetDirectoryName(Path.GetFullPath(path)) ?? path),
        UnauthorizedAccessException => "permission denied",
        _ => exception.Message,
    };

    private static CommandException Unwritable(string path, string reason, Exception? cause) =>
        new(ExitCode.Output, $"{path}: the output cannot be written: {reason}", cause);

    private sealed class Unfinished : IDisposable
    {
        public void Dispose() => Writing.Release();
    }
}
