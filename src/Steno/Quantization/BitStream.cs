using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Steno.Quantization;

/// <summary>Codes of 1 to 8 bits stored one behind the other, without gaps: code i lies at bit i * bits, lowest bit first, lowest byte first.</summary>
/// <remarks>
/// So MLX packs the rows of its affine types, and compressed-tensors its integers: in 32-bit words, which on a little-endian machine are the same bytes. A
/// code may lie across two words where the number of bits does not divide 32.
/// </remarks>
internal static class BitStream
{
    // Eight codes fill a whole number of bytes, whatever their width.
    private const int CodesPerStep = 8;

    /// <summary>Bytes that hold a number of codes.</summary>
    public static long ByteCount(long codeCount, int bits) => checked((codeCount * bits) + 7) / 8;

    /// <summary>Expands codes to a byte each.</summary>
    /// <param name="packed">At least <see cref="ByteCount"/> bytes.</param>
    /// <param name="bits">1 to 8.</param>
    /// <param name="codes">As long as the number of codes.</param>
    public static void Unpack(ReadOnlySpan<byte> packed, int bits, Span<byte> codes)
    {
        if (bits == 8)
        {
            packed[..codes.Length].CopyTo(codes);
            return;
        }

        int done = bits == 4 ? UnpackPairs(packed, codes) : 0;
        int position = done / CodesPerStep * bits;
        for (; done < codes.Length; done += CodesPerStep, position += bits)
            UnpackStep(packed[position..], bits, codes[done..]);
    }

    // A byte widened to 16 bits and added to itself four bits higher has its low half in the first byte and its high half in the second.
    private static int UnpackPairs(ReadOnlySpan<byte> packed, Span<byte> codes)
    {
        const int Step = 16;
        int i = 0;
        ref byte source = ref MemoryMarshal.GetReference(packed);
        ref byte target = ref MemoryMarshal.GetReference(codes);
        for (; i + Step <= packed.Length && (2 * i) + (2 * Step) <= codes.Length; i += Step)
        {
            Vector256<ushort> pairs = Vector256.WidenLower(Vector128.LoadUnsafe(ref source, (nuint)i).ToVector256());
            ((pairs | (pairs << 4)).AsByte() & Vector256.Create((byte)15)).StoreUnsafe(ref target, (nuint)(2 * i));
        }

        return 2 * i;
    }

    private static void UnpackStep(ReadOnlySpan<byte> packed, int bits, Span<byte> codes)
    {
        ulong stream = packed.Length >= sizeof(ulong) ? BinaryPrimitives.ReadUInt64LittleEndian(packed) : ReadShort(packed);
        int count = Math.Min(CodesPerStep, codes.Length);
        uint mask = (1u << bits) - 1;
        for (int i = 0; i < count; i++, stream >>= bits) codes[i] = (byte)((uint)stream & mask);
    }

    private static ulong ReadShort(ReadOnlySpan<byte> packed)
    {
        ulong stream = 0;
        for (int i = packed.Length - 1; i >= 0; i--) stream = (stream << 8) | packed[i];
        return stream;
    }
}
