using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Steno.Formats;
using Steno.Kernels;

namespace Steno.Packing;

/// <summary>What a packed file says of itself.</summary>
/// <param name="Precision">The number format that was asked for.</param>
/// <param name="Sources">The files that it was made of.</param>
/// <param name="Entries">Its matrices and vectors, in the order in which a model asks for them and in which they lie in the file.</param>
/// <param name="Tokenizer">Its tokenizer, as a vector of bytes; null where it has none.</param>
internal sealed record PackedHeader(WeightPrecision Precision, IReadOnlyList<PackedSource> Sources, IReadOnlyList<PackedEntry> Entries, PackedTable? Tokenizer)
{
    private const byte VectorMark = 255;
    private const int MaxNameBytes = 4096;

    /// <summary>Bytes of prefix and header.</summary>
    public int ByteCount => PackedLayout.PrefixBytes + Encode().Length;

    /// <summary>Prefix and header.</summary>
    /// <param name="fileLength">Bytes of the whole file.</param>
    public byte[] Write(long fileLength)
    {
        byte[] header = Encode();
        byte[] bytes = new byte[PackedLayout.PrefixBytes + header.Length];
        PackedLayout.Magic.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), PackedLayout.Version);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(12), header.Length);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(16), fileLength);
        header.CopyTo(bytes, PackedLayout.PrefixBytes);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(24), ChecksumOf(bytes));
        return bytes;
    }

    /// <summary>Length of the header that a prefix announces.</summary>
    /// <param name="prefix">The first bytes of a file.</param>
    /// <param name="fileLength">Bytes of that file.</param>
    /// <param name="file">Its path, for messages.</param>
    /// <exception cref="ModelFormatException">It is no packed file, of another version, or of another length than it says.</exception>
    public static int LengthOf(ReadOnlySpan<byte> prefix, long fileLength, string file)
    {
        if (prefix.Length < PackedLayout.PrefixBytes || !prefix.StartsWith(PackedLayout.Magic)) throw new ModelFormatException("this is no packed file", file);
        int version = BinaryPrimitives.ReadInt32LittleEndian(prefix[8..]);
        if (version != PackedLayout.Version) throw new ModelFormatException("it has another layout", file, expected: Text(PackedLayout.Version), found: Text(version));
        long stated = BinaryPrimitives.ReadInt64LittleEndian(prefix[16..]);
        if (stated != fileLength) throw new ModelFormatException("it has another length than it says", file, expected: Text(stated) + " bytes", found: Text(fileLength) + " bytes");
        int length = BinaryPrimitives.ReadInt32LittleEndian(prefix[12..]);
        return length is >= 0 and <= PackedLayout.MaxHeaderBytes && length <= fileLength - PackedLayout.PrefixBytes
            ? length
            : throw new ModelFormatException("its header is too long", file, expected: $"at most {Text(PackedLayout.MaxHeaderBytes)} bytes, within the file", found: Text(length));
    }

    /// <summary>Reads prefix and header.</summary>
    /// <param name="bytes">Both.</param>
    /// <param name="fileLength">Bytes of the file.</param>
    /// <param name="file">Its path, for messages.</param>
    /// <exception cref="ModelFormatException">The header is damaged or contradicts itself.</exception>
    public static PackedHeader Read(ReadOnlySpan<byte> bytes, long fileLength, string file)
    {
        if (BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]) != ChecksumOf(bytes)) throw new ModelFormatException("its header is damaged: the checksum is another", file);
        var reader = new PackedHeaderReader(bytes[PackedLayout.PrefixBytes..], file);
        var precision = (WeightPrecision)reader.Byte();
        if (!Enum.IsDefined(precision)) throw reader.Fault("number format");
        var sources = new PackedSource[reader.Count(PackedLayout.MaxSourceCount)];
        for (int i = 0; i < sources.Length; i++) sources[i] = new PackedSource(reader.Text(MaxNameBytes), reader.Int64(), reader.Int64(), (ulong)reader.Int64());
        var entries = new PackedEntry[reader.Count(PackedLayout.MaxEntryCount)];
        long end = PackedLayout.Align(bytes.Length, PackedLayout.PayloadAlignment);
        for (int i = 0; i < entries.Length; i++) entries[i] = ReadEntry(ref reader, ref end, fileLength);
        PackedTable? tokenizer = reader.Byte() == 0 ? null : ReadTable(ref reader, ref end, fileLength);
        reader.RequireEnd();
        return end == fileLength
            ? new PackedHeader(precision, sources, entries, tokenizer)
            : throw new ModelFormatException("it has bytes beyond its last part", file, expected: Text(end), found: Text(fileLength));
    }

    private static PackedEntry ReadEntry(ref PackedHeaderReader reader, ref long end, long fileLength)
    {
        string name = reader.Text(MaxNameBytes);
        byte mark = reader.Byte();
        if (mark != VectorMark && !Enum.IsDefined((WeightFormat)mark)) throw reader.Fault("number format of " + MessageText.Excerpt(name));
        byte paired = reader.Byte();
        int rowCount = reader.Dimension();
        int columnCount = reader.Dimension();
        bool isPossible = mark == VectorMark ? columnCount == 1 && paired == 0 : paired is 0 or 1 && (paired == 0 || rowCount % 2 == 0);
        if (!isPossible) throw reader.Fault("shape of " + MessageText.Excerpt(name));
        var entry = new PackedEntry(name, mark == VectorMark ? null : (WeightFormat)mark, rowCount, columnCount, paired == 1, reader.Int64(), (ulong)reader.Int64());
        Place(ref reader, ref end, entry.Offset, entry.ByteCount, fileLength, MessageText.Excerpt(name));
        return entry;
    }

    private static PackedTable ReadTable(ref PackedHeaderReader reader, ref long end, long fileLength)
    {
        var table = new PackedTable(reader.Int64(), reader.Int64(), (ulong)reader.Int64());
        if (table.ByteCount is < 0 or > TokenizerTable.MaxBytes) throw reader.Fault("length of the tokenizer");
        Place(ref reader, ref end, table.Offset, table.ByteCount, fileLength, "the tokenizer");
        return table;
    }

    // Each part begins where the one before ends, so that none can lie over another or outside the file.
    private static void Place(ref PackedHeaderReader reader, ref long end, long offset, long byteCount, long fileLength, string name)
    {
        if (offset != PackedLayout.Align(end, PackedLayout.Alignment) || byteCount > fileLength - offset) throw reader.Fault("place of " + name);
        end = offset + byteCount;
    }

    private static ulong ChecksumOf(ReadOnlySpan<byte> bytes) => Checksum.Of(bytes[PackedLayout.PrefixBytes..], Checksum.Of(bytes[..24]));

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    private byte[] Encode()
    {
        var buffer = new ArrayBufferWriter<byte>(1 << 16);
        buffer.Write([(byte)Precision]);
        WriteInt32(buffer, Sources.Count);
        foreach (PackedSource source in Sources)
        {
            WriteText(buffer, source.Name);
            WriteInt64(buffer, source.Size);
            WriteInt64(buffer, source.WriteTime);
            WriteInt64(buffer, (long)source.HeadChecksum);
        }

        WriteInt32(buffer, Entries.Count);
        foreach (PackedEntry entry in Entries)
        {
            WriteText(buffer, entry.Name);
            buffer.Write([entry.Format is { } format ? (byte)format : VectorMark, entry.IsPaired ? (byte)1 : (byte)0]);
            WriteInt32(buffer, entry.RowCount);
            WriteInt32(buffer, entry.ColumnCount);
            WriteInt64(buffer, entry.Offset);
            WriteInt64(buffer, (long)entry.Checksum);
        }

        buffer.Write([Tokenizer is null ? (byte)0 : (byte)1]);
        if (Tokenizer is not null)
        {
            WriteInt64(buffer, Tokenizer.Offset);
            WriteInt64(buffer, Tokenizer.ByteCount);
            WriteInt64(buffer, (long)Tokenizer.Checksum);
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteText(ArrayBufferWriter<byte> buffer, string text)
    {
        WriteInt32(buffer, Encoding.UTF8.GetByteCount(text));
        Encoding.UTF8.GetBytes(text, buffer);
    }

    private static void WriteInt32(ArrayBufferWriter<byte> buffer, int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(buffer.GetSpan(sizeof(int)), value);
        buffer.Advance(sizeof(int));
    }

    private static void WriteInt64(ArrayBufferWriter<byte> buffer, long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(buffer.GetSpan(sizeof(long)), value);
        buffer.Advance(sizeof(long));
    }
}
