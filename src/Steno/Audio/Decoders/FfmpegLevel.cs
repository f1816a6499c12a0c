namespace Steno.Audio.Decoders;

/// <summary>How much a line of ffmpeg matters.</summary>
internal enum FfmpegLevel
{
    Error,
    Warning,
    Info,
}
