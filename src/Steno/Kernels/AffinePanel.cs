using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Steno.Kernels;

/// <summary>Codes with an F32 scale and an F32 minimum for each 64 columns of a row, as the affine types of MLX have them, exactly.</summary>
/// <typeparam name="TCodes">How the codes are stored; its offset does not count, codes begin at 0.</typeparam>
/// <remarks>
/// Two blocks of 32 columns share a header: the scales of the 16 outputs, then their minimums. A weight is <c>scale * code - minimum</c>. Where the blocks
/// of a row are odd in number, the last header has one.
/// </remarks>
internal readonly unsafe struct AffinePanel<TCodes> : IPanelFormat
    where TCodes : struct, IPanelCodes
{
    /// <summary>Blocks that share a header.</summary>
    public const int BlocksPerHeader = 2;

    private const int PanelWidth = TileKernel.PanelWidth;
    private const int HeaderBytes = 2 * PanelWidth * sizeof(float);

    public static int CodeOffset => 0;

    public static int MaxCode => TCodes.MaxCode;

    public static bool HasMinimums => true;

    private static int PairBytes => HeaderBytes + (BlocksPerHeader * TCodes.ByteCount);

    public static long PanelBytes(int blockCount) =>
        ((blockCount + BlocksPerHeader - 1L) / BlocksPerHeader * HeaderBytes) + ((long)blockCount * TCodes.ByteCount);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte* Block(byte* panel, int block) =>
        panel + ((long)(block / BlocksPerHeader) * PairBytes) + HeaderBytes + (block % BlocksPerHeader * TCodes.ByteCount);

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
        where TVector : struct => TLanes.Load(Header(panel, block) + output);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Minimums<TLanes, TVector>(byte* panel, int block, int output)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct => TLanes.Load(Header(panel, block) + PanelWidth + output);

    /// <summary>Sets scale and minimum of one output for the two blocks of a header.</summary>
    public static void SetLevels(byte* panel, int block, int output, float scale, float minimum)
    {
        float* header = Header(panel, block);
        header[output] = scale;
        header[PanelWidth + output] = minimum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float* Header(byte* panel, int block) => (float*)(panel + ((long)(block / BlocksPerHeader) * PairBytes));
}
