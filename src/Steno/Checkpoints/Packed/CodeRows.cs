using Steno.Quantization;
using Steno.Tensors;

namespace Steno.Checkpoints.Packed;

/// <summary>The codes of a matrix, row by row, as unsigned numbers.</summary>
internal abstract class CodeRows
{
    /// <summary>Bits of a code.</summary>
    public abstract int Bits { get; }

    /// <summary>Number of rows.</summary>
    public abstract long RowCount { get; }

    /// <summary>Reads the codes of a row.</summary>
    /// <param name="row">Index of the row.</param>
    /// <param name="codes">As long as the row.</param>
    public abstract void Read(long row, Span<byte> codes);

    /// <inheritdoc cref="DerivedTensor.Release"/>
    public abstract void Release();

    /// <summary>Codes in one stream of bits for each row (see <see cref="BitStream"/>); rows begin on the element of the tensor.</summary>
    public static CodeRows Stream(RawTensor tensor, int bits) => new StreamRows(tensor, bits);

    /// <summary>Signed bytes: the uppermost bit of each, turned over, adds 128.</summary>
    public static CodeRows SignedBytes(RawTensor tensor) => new SignedRows(tensor);

    /// <summary>
    /// 4-bit numbers in two's complement, those of two neighbouring rows in a byte: the even row in its low half. The uppermost bit of each, turned over,
    /// adds 8.
    /// </summary>
    public static CodeRows RowPairs(RawTensor tensor) => new PairedRows(tensor);

    private sealed class StreamRows(RawTensor tensor, int bits) : CodeRows
    {
        private readonly int _rowBytes = checked((int)(tensor.ByteCount / Math.Max(1, tensor.Shape[0])));

        public override int Bits => bits;

        public override long RowCount => tensor.Shape[0];

        public override void Read(long row, Span<byte> codes) => BitStream.Unpack(tensor.Bytes(row * _rowBytes, _rowBytes), bits, codes);

        public override void Release() => tensor.Release();
    }

    private sealed class SignedRows(RawTensor tensor) : CodeRows
    {
        private const byte SignBit = 0x80;

        public override int Bits => 8;

        public override long RowCount => tensor.Shape[0];

        public override void Read(long row, Span<byte> codes)
        {
            tensor.Bytes(row * codes.Length, codes.Length).CopyTo(codes);
            foreach (ref byte code in codes) code ^= SignBit;
        }

        public override void Release() => tensor.Release();
    }

    private sealed class PairedRows(RawTensor tensor) : CodeRows
    {
        private const byte SignBit = 8;

        public override int Bits => 4;

        public override long RowCount => 2 * tensor.Shape[0];

        public override void Read(long row, Span<byte> codes)
        {
            ReadOnlySpan<byte> bytes = tensor.Bytes(row / 2 * codes.Length, codes.Length);
            int shift = (int)(row % 2) * 4;
            for (int i = 0; i < codes.Length; i++) codes[i] = (byte)(((bytes[i] >> shift) & 15) ^ SignBit);
        }

        public override void Release() => tensor.Release();
    }
}
