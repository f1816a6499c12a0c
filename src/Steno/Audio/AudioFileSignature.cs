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

    /// <summary>How much is looked at where the first bytes tell nothing: 64 ms of raw samples.</summary>
    private const int ScanBytes = 2048;

    /// <summary>The boxes that an MP4 or QuickTime file, or a piece of one, may begin with.</summary>
    private static readonly string[] Mp4Boxes = ["ftyp", "styp", "moov", "moof", "mdat", "sidx", "wide", "free", "skip", "pnot"];

    private static readonly (Signature Signature, AudioContainer Container)[] Known =
    [
        (new("ID3"), AudioContainer.Mp3),
        (new("fLaC"), AudioContainer.Flac),
        (new("OggS"), AudioContainer.Ogg),
        (new("\u001A\u0045\u00DF\u00A3"), AudioContainer.Matroska),
        (new("FORM", "AIF"), AudioContainer.Aiff),
        (new("caff"), AudioContainer.Caf),
        (new(".snd"), AudioContainer.Au),
        (new("#!AMR"), AudioContainer.Amr),
        (new("RIFX"), AudioContainer.Rifx),
        (new("riff"), AudioContainer.Wave64),
        (new("\u0030\u0026\u00B2\u0075"), AudioContainer.Asf),
        (new("RIFF", "AVI "), AudioContainer.Avi),
        (new("RIFF", "QLCM"), AudioContainer.Qcp),
        (new("FLV\u0001"), AudioContainer.Flv),
        (new("\0\0\u0001\u00BA"), AudioContainer.ProgramStream),
        (new("\u007F\u00FE\u0080\u0001"), AudioContainer.Dts),
        (new("\u00FE\u007F\u0001\u0080"), AudioContainer.Dts),
        (new("\u001F\u00FF\u00E8\0"), AudioContainer.Dts),
        (new("\u00FF\u001F\0\u00E8"), AudioContainer.Dts),
        (new("\u0064\u0058\u0020\u0025"), AudioContainer.Dts),
        (new("DTSHDHDR"), AudioContainer.Dts),
        (new("\u00F8\u0072\u006F\u00BA", Offset: 4), AudioContainer.Mlp),
        (new("\u00F8\u0072\u006F\u00BB", Offset: 4), AudioContainer.Mlp),
        (new("wvpk"), AudioContainer.WavPack),
        (new("TTA1"), AudioContainer.TrueAudio),
        (new("TTA2"), AudioContainer.TrueAudio),
        (new("MAC "), AudioContainer.MonkeysAudio),
        (new("MP+\u0007"), AudioContainer.Musepack),
        (new("MP+\u0017"), AudioContainer.Musepack),
        (new("MPCK"), AudioContainer.Musepack),
        (new("tBaK"), AudioContainer.Tak),
        (new("DSD "), AudioContainer.Dsf),
        (new("Creative Voi"), AudioContainer.Voc),
        (new(".RMF"), AudioContainer.RealMedia),
        (new(".ra\u00FD"), AudioContainer.RealMedia),
        (new("ea3\u0003"), AudioContainer.Oma),
        (new("EA3\u0001"), AudioContainer.Oma),
        (new("\u0064\u00A3\u0001\0"), AudioContainer.Ircam),
        (new("\u0064\u00A3\u0002\0"), AudioContainer.Ircam),
        (new("\0\u0001\u00A3\u0064"), AudioContainer.Ircam),
        (new("\0\u0002\u00A3\u0064"), AudioContainer.Ircam),
        (new(".SoX"), AudioContainer.Sox),
        (new("XoS."), AudioContainer.Sox),
        (new("nut/multimed"), AudioContainer.Nut),
        (new("NIST_1A\n"), AudioContainer.Sphere),
        .. Mp4Boxes.Select(type => (new Signature(type, Offset: 4), AudioContainer.Mp4)),
    ];

    /// <summary>Sees to it that the bytes that tell the format lie ready, and waits for no others: more may be long in coming.</summary>
    public static async ValueTask FillAsync(ByteSource source, CancellationToken cancellationToken)
    {
        await source.FillAsync(SignatureBytes, cancellationToken).ConfigureAwait(false);
        if (!IsWav(source.Buffered))
        {
            if (FindKnown(source.Buffered) is null && ForeignFile.FindKnown(source.Buffered) is null)
                await ScanAsync(source, cancellationToken).ConfigureAwait(false);
            return;
        }

        await source.FillAsync(FormatTagOffset + TagBytes, cancellationToken).ConfigureAwait(false);
        if (FormatTag(source.Buffered) == WavFormat.ExtensibleTag)
            await source.FillAsync(SubFormatTagOffset + TagBytes, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The format whose signature the audio begins with, or whose frames follow one another in it; null when there is none.</summary>
    /// <param name="start">The first bytes, as <see cref="FillAsync"/> provides them.</param>
    public static AudioContainer? Find(ReadOnlySpan<byte> start)
    {
        if (FindKnown(start) is { } known) return known;
        if (IsWav(start)) return HoldsCompressedWav(start) ? AudioContainer.CompressedWav : null;
        return TransportPackets.Find(Scanned(start)) is null ? FrameRun.Find(start, ScanBytes, out _) : AudioContainer.TransportStream;
    }

    /// <summary>The format of a file; a guess by the header of a single frame counts too.</summary>
    public static AudioContainer? FindInFile(ReadOnlySpan<byte> start) => Find(start) ?? GuessInFile(start);

    /// <summary>A guess by the header of a single frame.</summary>
    /// <remarks>It is too short to tell it from samples, but a file that should describe itself is none of these by chance.</remarks>
    public static AudioContainer? GuessInFile(ReadOnlySpan<byte> start)
    {
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
        (start.StartsWith("RIFF"u8) || start.StartsWith("RF64"u8) || start.StartsWith("BW64"u8)) && FindKnown(start) is null;

    private static AudioContainer? FindKnown(ReadOnlySpan<byte> start)
    {
        foreach ((Signature signature, AudioContainer container) in Known)
        {
            if (signature.Begins(start)) return container;
        }

        return null;
    }

    private static ReadOnlySpan<byte> Scanned(ReadOnlySpan<byte> start) => start[..Math.Min(start.Length, ScanBytes)];

    private static async ValueTask ScanAsync(ByteSource source, CancellationToken cancellationToken)
    {
        await source.FillAsync(ScanBytes, cancellationToken).ConfigureAwait(false);
        while (FrameRun.Find(source.Buffered, ScanBytes, out int needed) is null && needed > source.Buffered.Length)
        {
            if (await source.FillAsync(Math.Min(needed, ByteSource.CapacityBytes), cancellationToken).ConfigureAwait(false) < needed) return;
        }
    }

    private static bool HoldsCompressedWav(ReadOnlySpan<byte> start)
    {
        int? tag = FormatTag(start);
        if (tag == WavFormat.ExtensibleTag && start.Length >= SubFormatTagOffset + TagBytes)
            tag = BinaryPrimitives.ReadUInt16LittleEndian(start[SubFormatTagOffset..]);
        return tag is int known and not WavFormat.ExtensibleTag && !WavFormat.IsReadable(known);
    }

    private static int? FormatTag(ReadOnlySpan<byte> start) =>
        start.Length >= FormatTagOffset + TagBytes && start[8..].StartsWith("WAVEfmt "u8)
            ? BinaryPrimitives.ReadUInt16LittleEndian(start[FormatTagOffset..])
            : null;
}
