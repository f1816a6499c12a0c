using System.Globalization;

namespace Steno.Files;

/// <summary>Follows symbolic links.</summary>
internal static class FileLinks
{
    private static readonly string[] DescriptorFolders = ["/dev/fd/", "/proc/self/fd/", "/proc/thread-self/fd/"];

    /// <summary>The full path that a path leads to, which need not exist.</summary>
    /// <exception cref="IOException">The links go in a circle.</exception>
    public static string Resolve(string path)
    {
        string full = Path.GetFullPath(path);
        return new FileInfo(full).LinkTarget is null ? full : File.ResolveLinkTarget(full, returnFinalTarget: true)?.FullName ?? full;
    }

    /// <summary>Whether a path stands for something that a process has open, so that there is no file of that name to replace.</summary>
    public static bool IsDescriptor(string path)
    {
        if (OperatingSystem.IsWindows()) return false;
        string full = Path.GetFullPath(path);
        return full is "/dev/stdin" or "/dev/stdout" or "/dev/stderr"
            || full.StartsWith("/dev/fd/", StringComparison.Ordinal)
            || full.StartsWith("/proc/", StringComparison.Ordinal)
            || (new FileInfo(full).LinkTarget is { } next && IsDescriptor(Path.Combine(Path.GetDirectoryName(full)!, next)));
    }

    /// <summary>The number of what is open under a path such as <c>/dev/fd/3</c>; null for other paths.</summary>
    public static int? DescriptorNumber(string path)
    {
        if (OperatingSystem.IsWindows()) return null;
        string full = Path.GetFullPath(path);
        foreach (string folder in DescriptorFolders)
        {
            if (full.StartsWith(folder, StringComparison.Ordinal) && int.TryParse(full.AsSpan(folder.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int number)) return number;
        }

        return !IsDescriptor(full) ? null : new FileInfo(full).LinkTarget is { } next ? DescriptorNumber(Path.Combine(Path.GetDirectoryName(full)!, next)) : null;
    }
}
