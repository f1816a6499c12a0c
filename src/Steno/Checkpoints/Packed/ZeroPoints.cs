using System.Buffers.Binary;
using Steno.Tensors;

namespace Steno.Checkpoints.Packed;

/// <summary>The ways in which zero points are stored.</summary>
internal static class ZeroPoints
{
    /// <summary>The same code everywhere.</summary>
    public static IZeroPoints Constant(int code) => new ConstantCode(code);

    /// <summary>Codes of some bits in words of 32 bits that go down the rows: [rows * bits / 32, groups].</summary>
    /// <exception cref="ModelFormatException">The tensor has another number format or shape.</exception>
    public static IZeroPoints PackedAlongRows(RawTensor tensor, int bits, long rowCount, int groupCount)
    {
        long words = ((rowCount * bits) + 31) / 32;
        return tensor is { DTypeName: "I32", Shape: [long height, long width] } && height == words && width == groupCount
            ? new CodesAlongRows(tensor, bits, groupCount)
            : throw ModuleTensors.Fault(tensor, "the zero points do not fit their matrix", $"I32 [{words}, {groupCount}]");
    }

    /// <summary>A signed byte for each group: [rows, groups], or [rows] where a row is one group.</summary>
    /// <exception cref="ModelFormatException">The tensor has another number format or shape.</exception>
    public static IZeroPoints SignedBytes(RawTensor tensor, long rowCount, int groupCount)
    {
        bool fits = tensor.Shape is [long height, long width] ? height == rowCount && width == groupCount : tensor.Shape is [long length] && length == rowCount && groupCount == 1;
        return tensor.DTypeName == "I8" && fits
            ? new Bytes(tensor, groupCount)
            : throw ModuleTensors.Fault(tensor, "the zero points do not fit their matrix", $"I8 [{rowCount}, {groupCount}]");
    }

    private sealed class ConstantCode(int code) : IZeroPoints
    {
        public IZeroPoints Load(long firstRow, long rowCount) => this;

        public void Read(long row, Span<float> zeros) => zeros.Fill(code);

        public void Dispose()
        {
        }
    }

    // The codes of a column of words are one stream: a code may lie across two words.
    private sealed class CodesAlongRows(RawTensor tensor, int bits, int groupCount, LoadedBytes? loaded = null) : IZeroPoints
    {
        private readonly int _rowBytes = groupCount * sizeof(uint);

        public IZeroPoints Load(long firstRow, long rowCount)
        {
            long first = firstRow * bits / 32;
            long end = (((firstRow + rowCount) * bits) + 31) / 32;
            return new CodesAlongRows(tensor, bits, groupCount, tensor.Load(first * _rowBytes, (end - first) * _rowBytes));
        }

        public void Read(long row, Span<float> zeros)
        {
            long word = row * bits / 32;
            int shift = (int)(row * bits % 32);
            bool isSplit = shift + bits > 32;
            for (int group = 0; group < groupCount; group++)
            {
                ulong low = Word(word, group);
                ulong high = isSplit ? Word(word + 1, group) : 0;
                zeros[group] = (int)(((low | (high << 32)) >> shift) & ((1u << bits) - 1));
            }
        }

        public void Dispose() => loaded?.Dispose();

        private uint Word(long word, int group) => BinaryPrimitives.ReadUInt32LittleEndian(loaded!.Slice((word * _rowBytes) + (group * sizeof(uint)), sizeof(uint)));
    }

    private sealed class Bytes(RawTensor tensor, int groupCount, LoadedBytes? loaded = null) : IZeroPoints
    {
        private const int Offset = 128;

        public IZeroPoints Load(long firstRow, long rowCount) => new Bytes(tensor, groupCount, tensor.Load(firstRow * groupCount, rowCount * groupCount));

        public void Read(long row, Span<float> zeros)
        {
            ReadOnlySpan<byte> codes = loaded!.Slice(row * groupCount, groupCount);
            for (int group = 0; group < groupCount; group++) zeros[group] = (sbyte)codes[group] + Offset;
        }

        public void Dispose() => loaded?.Dispose();
    }
}
