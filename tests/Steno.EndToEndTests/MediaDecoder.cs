using Steno.EndToEndTests.FileSystem;

namespace Steno.EndToEndTests;

/// <summary>The ffmpeg of this machine.</summary>
internal static class MediaDecoder
{
    /// <summary>Skips the calling test where there is none.</summary>
    public static string Require(string path)
    {
        Assert.SkipUnless(SpecialFile.TryRun("ffmpeg", "-version"), "needs ffmpeg, which is not on this machine");
        return path;
    }
}
