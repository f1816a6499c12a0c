using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Steno.Kernels;

/// <summary>4 bits a weight with the scales and minimums of GGML's Q4_K, exactly.</summary>
/// <remarks>
/// Up to 8 blocks share a header: F16 d of the 16 outputs, then F16 dmin. A block is a <see cref="Codes4"/>, then 16 bytes of scales and 16
/// of minimums, each 0 to 63. A weight is <c>d * scale * code - dmin * minimum</c>.
/// </remarks>
internal readonly unsafe struct Q4KPanel : IPanelFormat
{
    /// <summary>Blocks that share a header.</summary>
    public const int BlocksPerHeader = 8;

    private const int HeaderBytes = 2 * 16 * 2;

    public static int CodeOffset => 0;

    public static int MaxCode => Codes4.MaxCode;

    public static bool HasMinimums => true;

    private static int BlockBytes => Codes4.ByteCount + (2 * 16);

    private static int SuperBlockBytes => HeaderBytes + (BlocksPerHeader * BlockBytes);

    public static long PanelBytes(int blockCount) =>
        ((blockCount + BlocksPerHeader - 1L) / BlocksPerHeader * HeaderBytes) + ((long)blockCount * BlockBytes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte* Block(byte* panel, int block) =>
        panel + ((long)(block / BlocksPerHeader) * SuperBlockBytes) + HeaderBytes + (block % BlocksPerHeader * BlockBytes);

    /// <summary>d of the 16 outputs, then dmin of the 16 outputs.</summary>
    public static Half* Header(byte* panel, int block) => (Half*)(panel + ((long)(block / BlocksPerHeader) * SuperBlockBytes));

    /// <summary>Scales of the 16 outputs, then their minimums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte* ScaleCodes(byte* panel, int block) => Block(panel, block) + Codes4.ByteCount;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Codes512(byte* block, int pair, int member) => Codes4.Codes512(block, pair, member);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Codes256(byte* block, int pair, int member, int half) => Codes4.Codes256(block, pair, member, half);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Codes128(byte* block, int pair, int member, int quarter) => Codes4.Codes128(block, pair, member, quarter);

    public static int Code(byte* block, int column, int output) => Codes4.Code(block, column, output);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Scales<TLanes, TVector>(byte* panel, int block, int output)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct => TLanes.Multiply(TLanes.Load(Header(panel, block) + output), TLanes.Load(ScaleCodes(panel, block) + output));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Minimums<TLanes, TVector>(byte* panel, int block, int output)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct => TLanes.Multiply(TLanes.Load(Header(panel, block) + 16 + output), TLanes.Load(ScaleCodes(panel, block) + 16 + output));
}
