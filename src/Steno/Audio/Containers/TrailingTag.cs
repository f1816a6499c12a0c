namespace Steno.Audio.Containers;

/// <summary>The tags of other formats that programs put behind the end of a file.</summary>
internal static class TrailingTag
{
    /// <summary>Whether one begins here.</summary>
    public static bool Begins(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith("TAG"u8) || bytes.StartsWith("ID3"u8) || bytes.StartsWith("APETAGEX"u8) || bytes.StartsWith("LYRICSBEGIN"u8);
}
