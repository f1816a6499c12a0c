using System.ComponentModel;
using System.Diagnostics;

namespace Steno.Audio.Decoders;

/// <summary>Finds the program ffmpeg.</summary>
internal static class FfmpegProgram
{
    private const int VersionTimeoutMs = 5000;

    private static string FileName => OperatingSystem.IsWindows() ? "ffmpeg.exe" : "ffmpeg";

    /// <summary>The absolute path of ffmpeg.</summary>
    /// <param name="setting">Its path, a name to look for, or <see cref="DecoderSettings.None"/>; null for <c>ffmpeg</c>.</param>
    /// <returns>The path; null when it is not there.</returns>
    public static string? Find(string? setting)
    {
        if (setting == DecoderSettings.None) return null;
        string name = setting ?? FileName;
        if (Path.GetFileName(name) != name) return IsProgram(name) ? Path.GetFullPath(name) : null;

        // Relative entries, the empty one among them, mean the current directory: a program that lies there is not to be run.
        string[] directories = (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator);
        return directories.Where(Path.IsPathFullyQualified).Select(directory => Path.Combine(directory, name)).FirstOrDefault(IsProgram);
    }

    /// <summary>What the program says of its version; null when it says nothing in time.</summary>
    /// <param name="path">What <see cref="Find"/> returned.</param>
    public static string? VersionOf(string path)
    {
        var start = new ProcessStartInfo(path, ["-version"]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardInput = true, RedirectStandardError = true };
        try
        {
            using var process = Process.Start(start)!;
            Task<string?> line = process.StandardOutput.ReadLineAsync();
            bool isTold = line.Wait(VersionTimeoutMs);
            if (!process.HasExited) process.Kill(entireProcessTree: true);
            string[] words = isTold && line.Result is { } text ? text.Split(' ') : [];
            return words is ["ffmpeg", "version", string version, ..] ? ErrorText.Clean(version) : null;
        }
        catch (Exception exception) when (exception is Win32Exception or InvalidOperationException or IOException or AggregateException)
        {
            return null;
        }
    }

    private static bool IsProgram(string path)
    {
        if (!File.Exists(path)) return false;
        const UnixFileMode Execute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        return OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & Execute) != UnixFileMode.None;
    }
}
