using System.Buffers.Binary;
using Steno.Audio.Containers;

namespace Steno.Audio;

/// <summary>Tells by the first bytes what kind of file was given in place of a WAV.</summary>
internal static class AudioFileSignature
{
    private const int SignatureBytes = 12;
    private const int FormatTagOffset = 20;
    private const int SubFormatTagOffset = 44;
    private const int TagBytes = 2;

    /// <summary>A header has some 15 bits that samples can have by chance; three, each where the one before says, have not.</summary>
    private const int FrameCountOfSignature = 3;

    /// <summary>Sees to it that the bytes that tell the format lie ready, and waits for no others: more may be long in coming.</summary>
    public static async ValueTask FillAsync(ByteSource source, CancellationToken cancellationToken)
    {
        await source.FillAsync(SignatureBytes, cancellationToken).ConfigureAwait(false);
        if (!IsWav(source.Buffered))
        {
            await FillFramesAsync(source, cancellationToken).ConfigureAwait(false);
            return;
        }

        await source.FillAsync(FormatTagOffset + TagBytes, cancellationToken).ConfigureAwait(false);
        if (FormatTag(source.Buffered) == WavFormat.ExtensibleTag)
            await source.FillAsync(SubFormatTagOffset + TagBytes, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The format whose signature of three bytes or more the audio begins with; null when there is none.</summary>
    /// <param name="start">The first bytes, as <see cref="FillAsync"/> provides them.</param>
    public static AudioContainer? Find(ReadOnlySpan<byte> start)
    {
        if (start.StartsWith("ID3"u8)) return AudioContainer.Mp3;
        if (start.StartsWith("fLaC"u8)) return AudioContainer.Flac;
        if (start.StartsWith("OggS"u8)) return AudioContainer.Ogg;
        if (start.Length >= 8 && start[4..].StartsWith("ftyp"u8)) return AudioContainer.Mp4;
        if (start.StartsWith((ReadOnlySpan<byte>)[0x1A, 0x45, 0xDF, 0xA3])) return AudioContainer.Matroska;
        if (start.StartsWith("FORM"u8) && start.Length >= 12 && start[8..].StartsWith("AIF"u8)) return AudioContainer.Aiff;
        if (start.StartsWith("caff"u8)) return AudioContainer.Caf;
        if (start.StartsWith(".snd"u8)) return AudioContainer.Au;
        if (start.StartsWith("#!AMR"u8)) return AudioContainer.Amr;
        if (start.StartsWith("RIFX"u8)) return AudioContainer.Rifx;
        if (start.StartsWith("riff"u8)) return AudioContainer.Wave64;
        if (start.StartsWith("wvpk"u8)) return AudioContainer.WavPack;
        if (start.StartsWith((ReadOnlySpan<byte>)[0x30, 0x26, 0xB2, 0x75])) return AudioContainer.Asf;
        if (start.StartsWith("RIFF"u8) && start.Length >= 12 && start[8..].StartsWith("AVI "u8)) return AudioContainer.Avi;
        if (start.StartsWith("FLV\u0001"u8)) return AudioContainer.Flv;
        if (HoldsCompressedWav(start)) return AudioContainer.CompressedWav;
        (int count, MpegFrame first, _) = FramesAtStart(start);
        if (count < FrameCountOfSignature) return null;
        return first.Layer == 0 ? AudioContainer.Aac : AudioContainer.Mpeg;
    }

    /// <summary>The format of a file; a guess by the header of a single frame counts too.</summary>
    /// <remarks>Such a header is too short to tell it from samples, but a file that should describe itself is none of these by chance.</remarks>
    public static AudioContainer? FindInFile(ReadOnlySpan<byte> start)
    {
        if (Find(start) is { } found) return found;
        if (start.Length < 2 || start[0] != 0xFF) return null;
        return (start[1] & 0xF6) switch
        {
            0xF0 => AudioContainer.Aac,
            0xE2 or 0xF2 or 0xE4 or 0xF4 or 0xE6 or 0xF6 => AudioContainer.Mpeg,
            _ => null,
        };
    }

    /// <summary>Whether the audio is a WAV file, whatever its samples.</summary>
    public static bool IsWav(ReadOnlySpan<byte> start) =>
        start.StartsWith("RIFF"u8) || start.StartsWith("RF64"u8) || start.StartsWith("BW64"u8);

    private static async ValueTask FillFramesAsync(ByteSource source, CancellationToken cancellationToken)
    {
        while (true)
        {
            (int count, _, int end) = FramesAtStart(source.Buffered);
            int needed = end + MpegFrame.HeaderBytes;
            if (count == FrameCountOfSignature || source.Buffered.Length >= needed) return;
            if (await source.FillAsync(needed, cancellationToken).ConfigureAwait(false) < needed) return;
        }
    }

    // Frames of one kind whose headers lie ready, one after the other, and where the next one is to be.
    private static (int Count, MpegFrame First, int End) FramesAtStart(ReadOnlySpan<byte> start)
    {
        (int count, MpegFrame first, int end) = (0, default, 0);
        while (count < FrameCountOfSignature && end < start.Length && MpegFrame.TryParse(start[end..], out MpegFrame frame) && (count == 0 || frame.IsLike(first)))
        {
            if (count++ == 0) first = frame;
            end += frame.SizeBytes;
        }

        return (count, first, end);
    }

    private static bool HoldsCompressedWav(ReadOnlySpan<byte> start)
    {
        int? tag = FormatTag(start);
        if (tag == WavFormat.ExtensibleTag && start.Length >= SubFormatTagOffset + TagBytes)
            tag = BinaryPrimitives.ReadUInt16LittleEndian(start[SubFormatTagOffset..]);
        return tag is int known and not WavFormat.ExtensibleTag && !WavFormat.IsReadable(known);
    }

    private static int? FormatTag(ReadOnlySpan<byte> start) =>
        IsWav(start) && start.Length >= FormatTagOffset + TagBytes && start[8..].StartsWith("WAVEfmt "u8)
            ? BinaryPrimitives.ReadUInt16LittleEndian(start[FormatTagOffset..])
            : null;
}
