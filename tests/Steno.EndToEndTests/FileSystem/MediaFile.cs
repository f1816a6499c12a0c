using System.ComponentModel;
using System.Diagnostics;

namespace Steno.EndToEndTests.FileSystem;

/// <summary>Makes audio of other formats with the ffmpeg of this machine.</summary>
internal static class MediaFile
{
    /// <summary>Writes a recording in the format that the extension names; skips the calling test where that cannot be.</summary>
    public static string Make(Sample sample, string path)
    {
        string? reason = null;
        try
        {
            using Process process = Process.Start("ffmpeg", ["-nostdin", "-y", "-loglevel", "error", "-i", sample.Path, "file:" + path]);
            process.WaitForExit();
            if (process.ExitCode != 0) reason = "needs an ffmpeg that writes " + Path.GetExtension(path);
        }
        catch (Win32Exception)
        {
            reason = "needs ffmpeg, which is not on this machine";
        }

        if (reason is null) return path;
        TestContext.Current.SendDiagnosticMessage("{0}", reason);
        Assert.Skip(reason);
        return path;
    }
}
