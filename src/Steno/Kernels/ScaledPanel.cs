using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Steno.Kernels;

/// <summary>A panel whose blocks are codes and then 16 F16 scales, one for each output.</summary>
/// <typeparam name="TCodes">How the codes are stored.</typeparam>
internal readonly unsafe struct ScaledPanel<TCodes> : IPanelFormat
    where TCodes : struct, IPanelCodes
{
    public static int CodeOffset => TCodes.CodeOffset;

    public static int MaxCode => TCodes.MaxCode;

    public static bool HasMinimums => false;

    private static int BlockBytes => TCodes.ByteCount + (TileKernel.PanelWidth * sizeof(ushort));

    public static long PanelBytes(int blockCount) => (long)blockCount * BlockBytes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte* Block(byte* panel, int block) => panel + ((long)block * BlockBytes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Codes512(byte* block, int pair, int member) => TCodes.Codes512(block, pair, member);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Codes256(byte* block, int pair, int member, int half) => TCodes.Codes256(block, pair, member, half);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Codes128(byte* block, int pair, int member, int quarter) => TCodes.Codes128(block, pair, member, quarter);

    public static int Code(byte* block, int column, int output) => TCodes.Code(block, column, output);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Scales<TLanes, TVector>(byte* panel, int block, int output)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct => TLanes.Load(BlockScales(panel, block) + output);

    public static TVector Minimums<TLanes, TVector>(byte* panel, int block, int output)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct => TLanes.Broadcast(0);

    /// <summary>Sets codes and scale of one output in a block, with <see cref="IPanelCodes.SetCodes"/>.</summary>
    public static void Set(byte* panel, int block, int output, uint* codes, Half scale)
    {
        TCodes.SetCodes(Block(panel, block), output, codes);
        BlockScales(panel, block)[output] = scale;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Half* BlockScales(byte* panel, int block) => (Half*)(Block(panel, block) + TCodes.ByteCount);
}
