using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Steno.Kernels;

/// <summary>6 bits a weight: <see cref="Codes4"/> with the low bits, then 4 times 32 bytes of the high bits.</summary>
/// <remarks>
/// The high bits of two quads of columns share 32 bytes. Byte <c>4 * o + c</c> holds, from its lowest bits up, column c of: output o, first
/// quad; output o + 8, first quad; output o, second quad; output o + 8, second quad.
/// </remarks>
internal readonly unsafe struct Codes6 : IPanelCodes
{
    private const int HighBytes = 32;

    // Bits 4 and 5, where the high bits of a code belong.
    private const byte HighMask = 0x30;

    // 2 in each 16-bit lane.
    private const ulong TwoBits = 0x0002_0002_0002_0002;

    public static int CodeOffset => 32;

    public static int MaxCode => 63;

    public static int ByteCount => HighOffset + (4 * HighBytes);

    private static int HighOffset => Codes4.ByteCount;

    // Bits 0 and 1 of a byte become bits 4 and 5 of the codes of outputs 0 to 7, bits 2 and 3 those of the others; of the second of two quads, bits 4 and 5
    // are in place, and bits 6 and 7 two too high.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Codes512(byte* block, int pair, int member)
    {
        Vector512<ushort> high = Codes4.Twice(block + HighOffset + (pair / 2 * HighBytes));
        high = member == 0
            ? Avx512BW.ShiftLeftLogicalVariable(high, Vector512.Create(2 * TwoBits, 2 * TwoBits, 2 * TwoBits, 2 * TwoBits, TwoBits, TwoBits, TwoBits, TwoBits).AsUInt16())
            : Avx512BW.ShiftRightLogicalVariable(high, Vector512.Create(0, 0, 0, 0, TwoBits, TwoBits, TwoBits, TwoBits).AsUInt16());
        return Codes4.Codes512(block, pair, member) | (high.AsByte() & Vector512.Create(HighMask));
    }

    // The shifts move bits across the bytes of a 16-bit lane; those that a byte receives from its neighbour are masked away.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Codes256(byte* block, int pair, int member, int half)
    {
        Vector256<ushort> high = Vector256.Load(block + HighOffset + (pair / 2 * HighBytes)).AsUInt16();
        int position = (2 * member) + half;
        high = position switch
        {
            0 => high << 4,
            1 => high << 2,
            2 => high,
            _ => high >>> 2,
        };
        return Codes4.Codes256(block, pair, member, half) | (high.AsByte() & Vector256.Create(HighMask));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Codes128(byte* block, int pair, int member, int quarter)
    {
        Vector128<ushort> high = Vector128.Load(block + HighOffset + (pair / 2 * HighBytes) + (quarter % 2 * 16)).AsUInt16();
        int position = (2 * member) + (quarter / 2);
        high = position switch
        {
            0 => high << 4,
            1 => high << 2,
            2 => high,
            _ => high >>> 2,
        };
        return Codes4.Codes128(block, pair, member, quarter) | (high.AsByte() & Vector128.Create(HighMask));
    }

    public static int Code(byte* block, int column, int output) =>
        Codes4.Code(block, column, output) | (((block[HighOffset + (column / 8 * HighBytes) + (output % 8 * 4) + (column % 4)] >> HighShift(column, output)) & 3) << 4);

    public static void SetCodes(byte* block, int output, uint* codes)
    {
        Codes4.SetCodes(block, output, codes);

        // Both quads that share 32 bytes at once.
        const uint HighBits = 0x0303_0303;
        uint* target = (uint*)(block + HighOffset + (output % 8 * 4));
        for (int quad = 0; quad < QuantizedRows.QuadCount; quad += 2, target += HighBytes / sizeof(uint))
        {
            uint both = ((codes[quad] >> 4) & HighBits) | (codes[quad + 1] & (HighBits << 4));
            if (output < 8) *target = both;
            else *target |= both << 2;
        }
    }

    private static int HighShift(int column, int output) => (4 * (column / 4 % 2)) + (2 * (output / 8));
}
