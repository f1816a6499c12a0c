using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Steno.Audio;

/// <summary>Knows files that hold no audio, so that they are told by their name and not taken for samples.</summary>
internal static class ForeignFile
{
    /// <summary>Fewer bytes that are text may be samples, unless there are no others.</summary>
    private const int MinTextBytes = 12;

    private const int MinWholeTextBytes = 4;
    private const int MinUtf16Bytes = 32;
    private const int BitmapHeaderOffset = 14;
    private const int TarOffset = 257;

    private static readonly (Signature Signature, string Name)[] Known =
    [
        (new("PK\u0003\u0004"), "a ZIP archive, or a document made of one"),
        (new("PK\u0005\u0006"), "an empty ZIP archive"),
        (new("\u001F\u008B\u0008"), "data compressed by gzip: decompress it first"),
        (new("1AY&SY", Offset: 4), "data compressed by bzip2: decompress it first"),
        (new("\u00FD7zXZ\0"), "data compressed by xz: decompress it first"),
        (new("\u0028\u00B5\u002F\u00FD"), "data compressed by zstd: decompress it first"),
        (new("\u0004\u0022\u004D\u0018"), "data compressed by lz4: decompress it first"),
        (new("7z\u00BC\u00AF\u0027\u001C"), "a 7-Zip archive"),
        (new("Rar!\u001A\u0007"), "a RAR archive"),
        (new("!<arch>\n"), "an archive of ar, or a Debian package"),
        (new("\u00ED\u00AB\u00EE\u00DB"), "an RPM package"),
        (new("ustar", Offset: TarOffset), "a tar archive"),
        (new("%PDF-"), "a PDF document"),
        (new("\u00D0\u00CF\u0011\u00E0\u00A1\u00B1\u001A\u00E1"), "a document of an older Microsoft Office"),
        (new("\u0089PNG\r\n\u001A\n"), "a PNG image"),
        (new("\u00FF\u00D8\u00FF\u00E0"), "a JPEG image"),
        (new("\u00FF\u00D8\u00FF\u00E1"), "a JPEG image"),
        (new("\u00FF\u00D8\u00FF\u00DB"), "a JPEG image"),
        (new("\u00FF\u00D8\u00FF\u00EE"), "a JPEG image"),
        (new("GIF87a"), "a GIF image"),
        (new("GIF89a"), "a GIF image"),
        (new("RIFF", "WEBP"), "a WebP image"),
        (new("II*\0"), "a TIFF image"),
        (new("MM\0*"), "a TIFF image"),
        (new("8BPS"), "a Photoshop image"),
        (new("\u007FELF"), "a program or library (ELF)"),
        (new("MZ\u0090\0\u0003\0\0\0"), "a program or library of Windows"),
        (new("\u00CF\u00FA\u00ED\u00FE"), "a program or library of macOS"),
        (new("\u00CA\u00FE\u00BA\u00BE"), "a Java class, or a program of macOS"),
        (new("\0asm"), "a WebAssembly module"),
        (new("SQLite forma"), "an SQLite database"),
        (new("GGUF"), "a GGUF model"),
        (new("\u0093NUMPY"), "a NumPy array"),
        (new("\u0089HDF\r\n\u001A\n"), "an HDF5 file"),
        (new("PAR1"), "a Parquet file"),
        (new("wOFF"), "a font"),
        (new("wOF2"), "a font"),
        (new("OTTO"), "a font"),
        (new("MThd"), "a MIDI file: notes and no sound"),
        (new("\0\0\u0001\u00B3"), "bare MPEG video without sound"),
        (new("\0\0\u0001\u00B0"), "bare MPEG-4 video without sound"),
        (new("\0\0\0\u0001\u0067"), "bare H.264 video without sound"),
        (new("\0\0\0\u0001\u0009"), "bare H.264 video without sound"),
        (new("\0\0\0\u0001\u0040\u0001"), "bare H.265 video without sound"),
        (new("DKIF"), "bare video without sound (IVF)"),
        (new("YUV4MPEG2 "), "bare video without sound (Y4M)"),
        (new("\u0006\u000E\u002B\u0034\u0002\u0005\u0001\u0001"), "a film in MXF, which Steno does not read: convert it, for example with 'ffmpeg -i INPUT OUTPUT.wav'"),
        (new("\u00B7\u00D8\0\u0020\u0037\u0049\u00DA\u0011"), "a recording in WTV, which Steno does not read: convert it, for example with 'ffmpeg -i INPUT OUTPUT.wav'"),
    ];

    /// <summary>What the file is, with its article, for a message; null when nothing is known against it.</summary>
    /// <param name="start">The first bytes, as <see cref="AudioFileSignature.FillAsync"/> provides them for what is no audio.</param>
    /// <param name="isWhole">Whether there are no others.</param>
    /// <param name="isWav">Whether they begin a WAV, or too few are there to tell.</param>
    public static string? Find(ReadOnlySpan<byte> start, bool isWhole, bool isWav)
    {
        if (FindKnown(start) is { } known) return known;
        if (isWav) return null;
        if (IsBitmap(start)) return "a BMP image";
        if (IsSafetensors(start)) return "a safetensors model";
        if (IsUtf16Text(start)) return "text in UTF-16";
        if (start.Length < (isWhole ? MinWholeTextBytes : MinTextBytes) || !IsUtf8Text(start)) return null;
        string text = Encoding.UTF8.GetString(start);
        bool isHtml = text.Contains("<html", StringComparison.OrdinalIgnoreCase) || text.Contains("<!doctype html", StringComparison.OrdinalIgnoreCase);
        return isHtml ? "an HTML page, perhaps an error page that came in place of a download" : "text";
    }

    /// <summary>The same by the bytes at one place alone.</summary>
    public static string? FindKnown(ReadOnlySpan<byte> start)
    {
        foreach ((Signature signature, string name) in Known)
        {
            if (signature.Begins(start)) return name;
        }

        return null;
    }

    // "BM", the size, 4 bytes of zero, the offset of the pixels, the size of the header that follows: one of a few.
    private static bool IsBitmap(ReadOnlySpan<byte> start) =>
        start.Length >= BitmapHeaderOffset + sizeof(int)
        && start.StartsWith("BM"u8)
        && BinaryPrimitives.ReadInt32LittleEndian(start[6..]) == 0
        && BinaryPrimitives.ReadInt32LittleEndian(start[BitmapHeaderOffset..]) is 12 or 40 or 52 or 56 or 64 or 108 or 124;

    // The length of a JSON object in 64 bits, then the object.
    private static bool IsSafetensors(ReadOnlySpan<byte> start) =>
        start.Length >= 10 && BinaryPrimitives.ReadUInt64LittleEndian(start) < 1 << 30 && start[8..].StartsWith("{\""u8);

    // With a mark of the order of bytes, and assigned characters alone. Samples have values below 32 before long, which are none.
    private static bool IsUtf16Text(ReadOnlySpan<byte> start)
    {
        bool isBig = start.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]);
        if (start.Length < MinUtf16Bytes || (!isBig && !start.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]))) return false;
        for (int i = 2; i + 1 < start.Length; i += 2)
        {
            int unit = isBig ? BinaryPrimitives.ReadUInt16BigEndian(start[i..]) : BinaryPrimitives.ReadUInt16LittleEndian(start[i..]);
            if (!IsTextCharacter(unit) || CharUnicodeInfo.GetUnicodeCategory((char)unit) is UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse) return false;
        }

        return true;
    }

    // The last character may be cut off.
    private static bool IsUtf8Text(ReadOnlySpan<byte> start)
    {
        while (!start.IsEmpty)
        {
            OperationStatus status = Rune.DecodeFromUtf8(start, out Rune character, out int count);
            if (status == OperationStatus.NeedMoreData) return true;
            if (status != OperationStatus.Done || !IsTextCharacter(character.Value)) return false;
            start = start[count..];
        }

        return true;
    }

    private static bool IsTextCharacter(int value) => value >= ' ' ? value is not (>= 0x7F and < 0xA0) : value is '\t' or '\n' or '\r' or '\f' or 0x1B;
}
