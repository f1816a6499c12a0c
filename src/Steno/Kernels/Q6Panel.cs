using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Steno.Kernels;

/// <summary>6 bits a weight. A block of a panel is a <see cref="NibblePlane"/> of the low bits, 4 times 32 bytes of the high bits, then 16 F16 scales.</summary>
/// <remarks>
/// The high bits of two groups of columns share 32 bytes. Byte <c>4 * o + c</c> holds, from its lowest bits up, column c of: output o, first
/// group; output o + 8, first group; output o, second group; output o + 8, second group.
/// </remarks>
internal readonly unsafe struct Q6Panel : IScaledPanelFormat
{
    private const int HighOffset = NibblePlane.ByteCount;
    private const int HighBytes = 32;
    private const int ScaleOffset = HighOffset + (4 * HighBytes);
    private const int BlockBytes = ScaleOffset + (16 * 2);

    // Bits 4 and 5, where the high bits of a code belong.
    private const byte HighMask = 0x30;

    public static int CodeOffset => 32;

    public static int MaxCode => 63;

    public static bool HasMinimums => false;

    public static long PanelBytes(int blockCount) => (long)blockCount * BlockBytes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte* Block(byte* panel, int block) => panel + ((long)block * BlockBytes);

    // The shifts move bits across the bytes of a 16-bit lane; those that a byte receives from its neighbour are masked away.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Codes256(byte* block, int group, int half)
    {
        Vector256<ushort> high = Vector256.Load(block + HighOffset + (group / 2 * HighBytes)).AsUInt16();
        int position = (2 * (group & 1)) + half;
        high = position switch
        {
            0 => high << 4,
            1 => high << 2,
            2 => high,
            _ => high >>> 2,
        };
        return NibblePlane.Codes256(block, group, half) | (high.AsByte() & Vector256.Create(HighMask));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Codes128(byte* block, int group, int quarter)
    {
        Vector128<ushort> high = Vector128.Load(block + HighOffset + (group / 2 * HighBytes) + (quarter % 2 * 16)).AsUInt16();
        int position = (2 * (group & 1)) + (quarter / 2);
        high = position switch
        {
            0 => high << 4,
            1 => high << 2,
            2 => high,
            _ => high >>> 2,
        };
        return NibblePlane.Codes128(block, group, quarter) | (high.AsByte() & Vector128.Create(HighMask));
    }

    public static int Code(byte* block, int column, int output) =>
        NibblePlane.Code(block, column, output) | (((block[HighOffset + (column / 8 * HighBytes) + (output % 8 * 4) + (column % 4)] >> HighShift(column, output)) & 3) << 4);

    public static void SetCodes(byte* block, int output, uint* codes)
    {
        NibblePlane.SetCodes(block, output, codes);

        // Both groups that share 32 bytes at once.
        const uint HighBits = 0x0303_0303;
        uint* target = (uint*)(block + HighOffset + (output % 8 * 4));
        for (int group = 0; group < QuantizedRows.GroupCount; group += 2, target += HighBytes / sizeof(uint))
        {
            uint both = ((codes[group] >> 4) & HighBits) | (codes[group + 1] & (HighBits << 4));
            if (output < 8) *target = both;
            else *target |= both << 2;
        }
    }

    public static void SetScale(byte* panel, int block, int output, Half scale) => ((Half*)(Block(panel, block) + ScaleOffset))[output] = scale;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Scales<TLanes, TVector>(byte* panel, int block, int output)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct => TLanes.Load((Half*)(Block(panel, block) + ScaleOffset) + output);

    public static TVector Minimums<TLanes, TVector>(byte* panel, int block, int output)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct => TLanes.Broadcast(0);

    private static int HighShift(int column, int output) => (4 * (column / 4 % 2)) + (2 * (output / 8));
}
