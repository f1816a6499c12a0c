using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Steno.Kernels;

/// <summary>4 bits a weight; also the lower bits of <see cref="Codes6"/>.</summary>
/// <remarks>
/// A group of 4 columns is 32 bytes: byte <c>4 * o + c</c> holds column c of output o in its low and of output o + 8 in its high half. One
/// 32-byte load, a mask, and a shift with a mask give the codes of all 16 outputs.
/// </remarks>
internal readonly unsafe struct Codes4 : IPanelCodes
{
    private const int GroupBytes = 32;

    public static int CodeOffset => 8;

    public static int MaxCode => 15;

    public static int ByteCount => QuantizedRows.GroupCount * GroupBytes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Codes256(byte* block, int group, int half)
    {
        Vector256<byte> bytes = Vector256.Load(block + (group * GroupBytes));
        return (half == 0 ? bytes : (bytes.AsUInt16() >>> 4).AsByte()) & Vector256.Create((byte)15);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Codes128(byte* block, int group, int quarter)
    {
        Vector128<byte> bytes = Vector128.Load(block + (group * GroupBytes) + (quarter % 2 * 16));
        return (quarter < 2 ? bytes : (bytes.AsUInt16() >>> 4).AsByte()) & Vector128.Create((byte)15);
    }

    public static int Code(byte* block, int column, int output) =>
        (block[(column / 4 * GroupBytes) + (output % 8 * 4) + (column % 4)] >> Shift(output)) & 15;

    // The first of two outputs that share bytes writes them without a look: reading fresh memory first would cost a second page fault.
    public static void SetCodes(byte* block, int output, uint* codes)
    {
        const uint LowHalves = 0x0F0F_0F0F;
        uint* target = (uint*)(block + (output % 8 * 4));
        for (int group = 0; group < QuantizedRows.GroupCount; group++, target += GroupBytes / sizeof(uint))
        {
            uint four = codes[group] & LowHalves;
            if (output < 8) *target = four;
            else *target |= four << 4;
        }
    }

    private static int Shift(int output) => output / 8 * 4;
}
