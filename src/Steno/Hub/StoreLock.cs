namespace Steno.Hub;

/// <summary>Keeps a second process from the same model. The system gives the lock back when its process ends, however it ends.</summary>
internal static class StoreLock
{
    private const int SharingViolation = unchecked((int)0x80070020);
    private const int LockViolation = unchecked((int)0x80070021);

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>Takes the lock, or returns null when another process has it. Its file stays: a lock on a file that is deleted would lock nothing.</summary>
    /// <exception cref="IOException">The file cannot be made.</exception>
    public static FileStream? TryTake(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (IOException exception) when (IsHeld(exception))
        {
            return null;
        }
    }

    /// <summary>Waits for the lock.</summary>
    /// <param name="path">Its file.</param>
    /// <param name="onWait">Told once, when another process has it.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public static async Task<FileStream> TakeAsync(string path, Action onWait, CancellationToken cancellationToken)
    {
        FileStream? taken = TryTake(path);
        if (taken is not null) return taken;
        onWait();
        do
        {
            await Task.Delay(PollInterval, cancellationToken).ConfigureAwait(false);
            taken = TryTake(path);
        }
        while (taken is null);
        return taken;
    }

    // On Unix, where locks are those of flock, the framework reports EWOULDBLOCK: 11 on Linux, 35 on macOS and BSD.
    private static bool IsHeld(IOException exception) => OperatingSystem.IsWindows()
        ? exception.HResult is SharingViolation or LockViolation
        : exception.HResult == (OperatingSystem.IsLinux() ? 11 : 35);
}
