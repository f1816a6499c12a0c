using Steno.Quantization;
using Steno.Tensors;

namespace Steno.Checkpoints.Packed;

/// <summary>The codes of a matrix, row by row, as unsigned numbers.</summary>
internal sealed class CodeRows : IDisposable
{
    private readonly RawTensor _tensor;
    private readonly Layout _layout;
    private readonly int _rowBytes;
    private readonly LoadedBytes? _loaded;

    private CodeRows(RawTensor tensor, Layout layout, int bits, LoadedBytes? loaded)
    {
        _tensor = tensor;
        _layout = layout;
        _rowBytes = checked((int)(tensor.ByteCount / Math.Max(1, tensor.Shape[0])));
        _loaded = loaded;
        Bits = bits;
    }

    private enum Layout
    {
        Stream,
        SignedBytes,
        RowPairs,
    }

    /// <summary>Bits of a code.</summary>
    public int Bits { get; }

    /// <summary>Codes in one stream of bits for each row (see <see cref="BitStream"/>); rows begin on the element of the tensor.</summary>
    public static CodeRows Stream(RawTensor tensor, int bits) => new(tensor, Layout.Stream, bits, loaded: null);

    /// <summary>Signed bytes: the uppermost bit of each, turned over, adds 128.</summary>
    public static CodeRows SignedBytes(RawTensor tensor) => new(tensor, Layout.SignedBytes, 8, loaded: null);

    /// <summary>
    /// 4-bit numbers in two's complement, those of two neighbouring rows in a byte: the even row in its low half. The uppermost bit of each, turned over,
    /// adds 8.
    /// </summary>
    public static CodeRows RowPairs(RawTensor tensor) => new(tensor, Layout.RowPairs, 4, loaded: null);

    /// <inheritdoc cref="DerivedTensor.Load"/>
    public CodeRows Load(long firstRow, long rowCount)
    {
        long first = StoredRow(firstRow);
        long end = StoredRow(firstRow + rowCount - 1) + 1;
        return new CodeRows(_tensor, _layout, Bits, _tensor.Load(first * _rowBytes, (end - first) * _rowBytes));
    }

    /// <summary>Reads the codes of a row that is loaded.</summary>
    /// <param name="row">Index of the row.</param>
    /// <param name="codes">As long as the row.</param>
    public void Read(long row, Span<byte> codes)
    {
        const byte SignBit8 = 0x80;
        const byte SignBit4 = 8;
        ReadOnlySpan<byte> bytes = _loaded!.Slice(StoredRow(row) * _rowBytes, _rowBytes);
        switch (_layout)
        {
            case Layout.Stream:
                BitStream.Unpack(bytes, Bits, codes);
                break;
            case Layout.SignedBytes:
                for (int i = 0; i < codes.Length; i++) codes[i] = (byte)(bytes[i] ^ SignBit8);
                break;
            default:
                int shift = (int)(row % 2) * 4;
                for (int i = 0; i < codes.Length; i++) codes[i] = (byte)(((bytes[i] >> shift) & 15) ^ SignBit4);
                break;
        }
    }

    public void Dispose() => _loaded?.Dispose();

    private long StoredRow(long row) => _layout == Layout.RowPairs ? row / 2 : row;
}
