namespace Steno;

/// <summary>Which files of a folder are taken for audio: those with the extension of a common audio or video format.</summary>
internal static class AudioFileNames
{
    /// <summary>The extensions, without their dot. What a file really is, its content tells later.</summary>
    public static IReadOnlyList<string> Extensions { get; } =
    [
        "wav", "wave", "w64", "rf64", "bwf", "flac", "mp3", "mp2", "ogg", "oga", "opus", "m4a", "m4b", "aac", "ac3", "aif", "aiff", "aifc",
        "au", "snd", "caf", "wma", "amr", "mka", "weba", "mp4", "m4v", "mov", "mkv", "webm", "avi", "mpg", "mpeg", "3gp", "wmv", "flv",
    ];

    private static readonly HashSet<string> Known = new(Extensions, StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a file name looks like audio. Names that begin with a dot are hidden, and never are.</summary>
    public static bool IsAudio(string fileName) =>
        !fileName.StartsWith('.') && Path.GetExtension(fileName) is { Length: > 1 } extension && Known.Contains(extension[1..]);
}
