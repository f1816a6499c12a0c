using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Steno.Kernels;

/// <summary>4 bits a weight. A block of a panel is a <see cref="NibblePlane"/>, then 16 F16 scales.</summary>
internal readonly unsafe struct Q4Panel : IScaledPanelFormat
{
    private const int BlockBytes = NibblePlane.ByteCount + (16 * 2);

    public static int CodeOffset => 8;

    public static int MaxCode => 15;

    public static bool HasMinimums => false;

    public static long PanelBytes(int blockCount) => (long)blockCount * BlockBytes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte* Block(byte* panel, int block) => panel + ((long)block * BlockBytes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Codes256(byte* block, int group, int half) => NibblePlane.Codes256(block, group, half);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Codes128(byte* block, int group, int quarter) => NibblePlane.Codes128(block, group, quarter);

    public static int Code(byte* block, int column, int output) => NibblePlane.Code(block, column, output);

    public static void SetCodes(byte* block, int output, uint* codes) => NibblePlane.SetCodes(block, output, codes);

    public static void SetScale(byte* panel, int block, int output, Half scale) => ((Half*)(Block(panel, block) + NibblePlane.ByteCount))[output] = scale;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Scales<TLanes, TVector>(byte* panel, int block, int output)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct => TLanes.Load((Half*)(Block(panel, block) + NibblePlane.ByteCount) + output);

    public static TVector Minimums<TLanes, TVector>(byte* panel, int block, int output)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct => TLanes.Broadcast(0);
}
