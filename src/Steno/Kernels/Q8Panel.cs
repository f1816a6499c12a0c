using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Steno.Kernels;

/// <summary>8 bits a weight. A block of a panel is 8 groups of 64 bytes, 4 codes for each of the 16 outputs, then 16 F16 scales.</summary>
internal readonly unsafe struct Q8Panel : IScaledPanelFormat
{
    private const int GroupBytes = 64;
    private const int ScaleOffset = 8 * GroupBytes;
    private const int BlockBytes = ScaleOffset + (16 * 2);

    public static int CodeOffset => 128;

    public static int MaxCode => 255;

    public static bool HasMinimums => false;

    public static long PanelBytes(int blockCount) => (long)blockCount * BlockBytes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte* Block(byte* panel, int block) => panel + ((long)block * BlockBytes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Codes256(byte* block, int group, int half) => Vector256.Load(block + (group * GroupBytes) + (half * 32));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Codes128(byte* block, int group, int quarter) => Vector128.Load(block + (group * GroupBytes) + (quarter * 16));

    public static int Code(byte* block, int column, int output) => block[(column / 4 * GroupBytes) + (output * 4) + (column % 4)];

    public static void SetCodes(byte* block, int output, uint* codes)
    {
        for (int group = 0; group < QuantizedRows.GroupCount; group++) *(uint*)(block + (group * GroupBytes) + (output * 4)) = codes[group];
    }

    public static void SetScale(byte* panel, int block, int output, Half scale) => ((Half*)(Block(panel, block) + ScaleOffset))[output] = scale;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Scales<TLanes, TVector>(byte* panel, int block, int output)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct => TLanes.Load((Half*)(Block(panel, block) + ScaleOffset) + output);

    public static TVector Minimums<TLanes, TVector>(byte* panel, int block, int output)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct => TLanes.Broadcast(0);
}
