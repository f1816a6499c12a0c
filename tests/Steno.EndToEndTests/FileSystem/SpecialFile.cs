using System.ComponentModel;
using System.Diagnostics;

namespace Steno.EndToEndTests.FileSystem;

/// <summary>Makes files that are none: devices, pipes, and names that are not UTF-8.</summary>
internal static class SpecialFile
{
    /// <summary>Makes a null device of another name, so that what destroys it harms nobody; skips the calling test where that cannot be.</summary>
    public static string MakeNullDevice(string path)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.UserName == "root", "needs root on Linux, who may make devices");
        bool isMade = TryRun("mknod", path, "c", "1", "3");
        try
        {
            if (isMade) File.OpenWrite(path).Dispose();
        }
        catch (UnauthorizedAccessException)
        {
            isMade = false;
        }

        Assert.SkipUnless(isMade, "needs the right to make devices and to use them in the folder for temporary files");
        return path;
    }

    /// <summary>Makes a pipe with a name; skips the calling test where that cannot be.</summary>
    public static string MakePipe(string path)
    {
        Assert.SkipUnless(!OperatingSystem.IsWindows() && TryRun("mkfifo", path), "needs pipes with names");
        return path;
    }

    /// <summary>What the system's own program says of a file: such as <c>character special file</c>.</summary>
    public static string Describe(string path, string format)
    {
        using var stat = Process.Start(new ProcessStartInfo("stat", ["-c", format, "--", path]) { UseShellExecute = false, RedirectStandardOutput = true })!;
        string text = stat.StandardOutput.ReadToEnd().Trim();
        stat.WaitForExit();
        return text;
    }

    /// <summary>Runs a program; false when it is not there or fails.</summary>
    public static bool TryRun(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
