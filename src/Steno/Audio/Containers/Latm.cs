namespace Steno.Audio.Containers;

/// <summary>Frames of AAC in LATM with the synchronisation layer LOAS (ISO 14496-3, section 1.7.2): 11 bits 0x2B7, 13 bits of length, so many bytes.</summary>
internal static class Latm
{
    public const byte SyncByte = 0x56;

    private const int HeaderBytes = 3;

    /// <summary>Size of the frame that begins here, header included; 0 when none does.</summary>
    public static int FrameBytes(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderBytes || bytes[0] != SyncByte || (bytes[1] & 0xE0) != 0xE0) return 0;
        int length = ((bytes[1] & 0x1F) << 8) | bytes[2];
        return length == 0 ? 0 : HeaderBytes + length;
    }
}
