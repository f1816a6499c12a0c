namespace Steno.Audio.Decoders;

/// <summary>The name by which another process reaches a file that is open here.</summary>
/// <remarks>
/// Names such as <c>/dev/stdin</c> and <c>/proc/self/fd/3</c>, also behind links, mean another file in another process. On Linux an open file has a
/// name by its handle.
/// </remarks>
internal static class ChildPath
{
    /// <summary>Links that lead to links; more are a circle.</summary>
    private const int MaxLinkCount = 40;

    /// <summary>The name of an open file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="path">By what name it was opened.</param>
    /// <returns>The name; null when there is none.</returns>
    public static string? Of(FileStream file, string path) => IsDescriptor(path) ? ByHandle(file) : path;

    /// <summary>The name by the handle; null on systems that have none.</summary>
    public static string? ByHandle(FileStream file)
    {
        string path = $"/proc/{Environment.ProcessId}/fd/{file.SafeFileHandle.DangerousGetHandle()}";
        return OperatingSystem.IsLinux() && File.Exists(path) ? path : null;
    }

    private static bool IsDescriptor(string path)
    {
        if (OperatingSystem.IsWindows()) return false;
        string full = Path.GetFullPath(path);
        for (int count = 0; count < MaxLinkCount; count++)
        {
            if (full.StartsWith("/dev/fd/", StringComparison.Ordinal) || full.StartsWith("/dev/std", StringComparison.Ordinal) || full.StartsWith("/proc/", StringComparison.Ordinal)) return true;
            if (File.ResolveLinkTarget(full, returnFinalTarget: false) is not { } target) return false;
            full = target.FullName;
        }

        return true;
    }
}
