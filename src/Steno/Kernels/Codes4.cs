using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Steno.Kernels;

/// <summary>4 bits a weight; also the lower bits of <see cref="Codes6"/>.</summary>
/// <remarks>
/// A quad of columns is 32 bytes: byte <c>4 * o + c</c> holds column c of output o in its low and of output o + 8 in its high half. One
/// 32-byte load, a mask, and a shift with a mask give the codes of all 16 outputs.
/// </remarks>
internal readonly unsafe struct Codes4 : IPanelCodes
{
    private const int QuadBytes = 32;

    // 4 in each 16-bit lane.
    private const ulong FourBits = 0x0004_0004_0004_0004;

    public static int CodeOffset => 8;

    public static int MaxCode => 15;

    public static int ByteCount => QuantizedRows.QuadCount * QuadBytes;

    // The 32 bytes twice, the second time shifted to the high halves.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Codes512(byte* block, int pair, int member)
    {
        Vector512<ushort> both = Twice(block + ((pair + member) * QuadBytes));
        Vector512<ulong> shifts = Vector512.Create(0UL, 0, 0, 0, FourBits, FourBits, FourBits, FourBits);
        return Avx512BW.ShiftRightLogicalVariable(both, shifts.AsUInt16()).AsByte() & Vector512.Create((byte)15);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Codes256(byte* block, int pair, int member, int half)
    {
        Vector256<byte> bytes = Vector256.Load(block + ((pair + member) * QuadBytes));
        return (half == 0 ? bytes : (bytes.AsUInt16() >>> 4).AsByte()) & Vector256.Create((byte)15);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Codes128(byte* block, int pair, int member, int quarter)
    {
        Vector128<byte> bytes = Vector128.Load(block + ((pair + member) * QuadBytes) + (quarter % 2 * 16));
        return (quarter < 2 ? bytes : (bytes.AsUInt16() >>> 4).AsByte()) & Vector128.Create((byte)15);
    }

    public static int Code(byte* block, int column, int output) =>
        (block[(column / 4 * QuadBytes) + (output % 8 * 4) + (column % 4)] >> Shift(output)) & 15;

    // The first of two outputs that share bytes writes them without a look: reading fresh memory first would cost a second page fault.
    public static void SetCodes(byte* block, int output, uint* codes)
    {
        const uint LowHalves = 0x0F0F_0F0F;
        uint* target = (uint*)(block + (output % 8 * 4));
        for (int quad = 0; quad < QuantizedRows.QuadCount; quad++, target += QuadBytes / sizeof(uint))
        {
            uint four = codes[quad] & LowHalves;
            if (output < 8) *target = four;
            else *target |= four << 4;
        }
    }

    /// <summary>The same 32 bytes in both halves.</summary>
    /// <remarks>In two instructions, since the one that broadcasts 256 bits from memory is compiled with a wrong address where it has an offset (.NET 10.0.12).</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ushort> Twice(byte* source)
    {
        Vector256<ushort> bytes = Vector256.Load((ushort*)source);
        return Avx512F.InsertVector256(bytes.ToVector512(), bytes, 1);
    }

    private static int Shift(int output) => output / 8 * 4;
}
