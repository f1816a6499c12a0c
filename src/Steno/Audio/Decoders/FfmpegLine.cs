namespace Steno.Audio.Decoders;

/// <summary>A line that ffmpeg wrote on standard error.</summary>
/// <param name="Level">Its level; that of the line before where it has none, since only the first line of a message has.</param>
/// <param name="Context">The part of ffmpeg that wrote it, such as <c>mpegts</c> or <c>h264</c>; empty for ffmpeg itself.</param>
/// <param name="Text">The rest.</param>
internal readonly record struct FfmpegLine(FfmpegLevel Level, string Context, string Text)
{
    /// <summary>Takes a line apart: <c>[mov,mp4 @ 0x55d0c8] [error] text</c>. The innermost of several contexts counts.</summary>
    /// <param name="line">The line.</param>
    /// <param name="levelBefore">Level of the line before.</param>
    public static FfmpegLine Parse(string line, FfmpegLevel levelBefore)
    {
        FfmpegLevel level = levelBefore;
        string context = string.Empty;
        while (line.StartsWith('[') && line.IndexOf("] ", StringComparison.Ordinal) is > 0 and int end)
        {
            string inside = line[1..end];
            if (LevelOf(inside) is { } found) level = found;
            else if (inside.IndexOf(" @ ", StringComparison.Ordinal) is > 0 and int at) context = WithoutRole(inside[..at]);
            else break;
            line = line[(end + 2)..];
        }

        return new FfmpegLine(level, context, line);
    }

    // "dec:h264" is what newer versions call the decoder "h264".
    private static string WithoutRole(string name) => name.StartsWith("dec:", StringComparison.Ordinal) ? name["dec:".Length..] : name;

    private static FfmpegLevel? LevelOf(string word) => word switch
    {
        "panic" or "fatal" or "error" => FfmpegLevel.Error,
        "warning" => FfmpegLevel.Warning,
        "info" or "verbose" or "debug" or "trace" => FfmpegLevel.Info,
        _ => null,
    };
}
