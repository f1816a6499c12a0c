using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Steno.Kernels;

/// <summary>The inner product at the bottom of a product with a quantised matrix: a tile of <see cref="QuantizedRows"/> times panels of 16 outputs.</summary>
/// <remarks>
/// For each block of 32 columns the codes are multiplied and added as integers, which is exact in any order; then
/// <code>sums[p, r, c] += float(correction + sum of code * code) * (scale[c] * factor[r])</code>
/// in one fused multiply-add, block after block (and another one for the minimums, where the format has them). So all paths, any number of rows
/// and any number of panels give the same bits.
/// </remarks>
internal static unsafe partial class DotKernel
{
    private const int PanelWidth = TileKernel.PanelWidth;
    private const int QuadCount = QuantizedRows.QuadCount;

    /// <summary>Multiplies a tile by a panel.</summary>
    /// <param name="tile">A tile, quantised for the same format and path.</param>
    /// <param name="height">Rows of the tile: 1, 2, 4 or <see cref="QuantizedRows.FullHeight"/>.</param>
    /// <param name="weights">A quantised matrix.</param>
    /// <param name="panel">Index of the panel.</param>
    /// <param name="scales">From <see cref="WidenScales"/>; null to read them from the panel.</param>
    /// <param name="sums">[height, 16].</param>
    /// <param name="prefetch">What to ask memory for meanwhile.</param>
    /// <param name="path">Vector registers to use.</param>
    public static void Multiply(byte* tile, int height, PackedMatrix weights, int panel, float* scales, float* sums, PanelPrefetch prefetch, KernelPath path)
    {
        switch (weights.Format)
        {
            case WeightFormat.Q8: Multiply<ScaledPanel<Codes8>>(tile, height, weights, panel, scales, sums, prefetch, path); break;
            case WeightFormat.Q6: Multiply<ScaledPanel<Codes6>>(tile, height, weights, panel, scales, sums, prefetch, path); break;
            case WeightFormat.Q4: Multiply<ScaledPanel<Codes4>>(tile, height, weights, panel, scales, sums, prefetch, path); break;
            case WeightFormat.Q4K: Multiply<Q4KPanel>(tile, height, weights, panel, scales, sums, prefetch, path); break;
            case WeightFormat.Affine4: Multiply<AffinePanel<Codes4>>(tile, height, weights, panel, scales, sums, prefetch, path); break;
            case WeightFormat.Affine6: Multiply<AffinePanel<Codes6>>(tile, height, weights, panel, scales, sums, prefetch, path); break;
            case WeightFormat.Affine8: Multiply<AffinePanel<Codes8>>(tile, height, weights, panel, scales, sums, prefetch, path); break;
            default: throw new ArgumentException($"A matrix of format {weights.Format} is not quantised.", nameof(weights));
        }
    }

    /// <summary>Floats that the scales of a panel take.</summary>
    public static int ScaleCount(PackedMatrix weights) => QuantizedRows.BlockCount(weights.ColumnCount) * ScaleStep(PanelFormats.HasMinimums(weights.Format));

    /// <summary>Makes floats of a panel's scales, once for all tiles that meet it.</summary>
    /// <param name="weights">A quantised matrix.</param>
    /// <param name="panel">Index of the panel.</param>
    /// <param name="scales">Receives for each block 16 scales, then 16 minimums where the format has them.</param>
    public static void WidenScales(PackedMatrix weights, int panel, float* scales)
    {
        switch (weights.Format)
        {
            case WeightFormat.Q8: WidenScales<ScaledPanel<Codes8>>(weights, panel, scales); break;
            case WeightFormat.Q6: WidenScales<ScaledPanel<Codes6>>(weights, panel, scales); break;
            case WeightFormat.Q4: WidenScales<ScaledPanel<Codes4>>(weights, panel, scales); break;
            case WeightFormat.Q4K: WidenScales<Q4KPanel>(weights, panel, scales); break;
            case WeightFormat.Affine4: WidenScales<AffinePanel<Codes4>>(weights, panel, scales); break;
            case WeightFormat.Affine6: WidenScales<AffinePanel<Codes6>>(weights, panel, scales); break;
            case WeightFormat.Affine8: WidenScales<AffinePanel<Codes8>>(weights, panel, scales); break;
            default: throw new ArgumentException($"A matrix of format {weights.Format} is not quantised.", nameof(weights));
        }
    }

    // The end of a block for one row and the outputs of one register; the row's correction lies behind the factors of all rows.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddBlock<TFormat, TLanes, TVector>(TVector dots, TVector scales, TVector minimums, float* factor, int height, float* sums)
        where TFormat : struct, IPanelFormat
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        TVector sum = TLanes.MultiplyAdd(dots, TLanes.Multiply(scales, TLanes.Broadcast(*factor)), TLanes.Load(sums));
        if (TFormat.HasMinimums) sum = TLanes.MultiplyAdd(minimums, TLanes.Broadcast(factor[height]), sum);
        TLanes.Store(sum, sums);
    }

    private static void Multiply<TFormat>(byte* tile, int height, PackedMatrix weights, int panelIndex, float* scales, float* sums, PanelPrefetch prefetch, KernelPath path)
        where TFormat : struct, IPanelFormat
    {
        int blockCount = QuantizedRows.BlockCount(weights.ColumnCount);
        bool hasBytes = QuantizedRows.HasByteCodes(weights.Format, path);
        new Span<float>(sums, height * PanelWidth).Clear();
        byte* panel = weights.Panel(panelIndex);
        switch (path)
        {
            case KernelPath.Scalar: Scalar<TFormat>(tile, height, panel, blockCount, sums); break;
            case KernelPath.Vector512 when AvxVnni.IsSupported: Tile<TFormat, ByteDot<VnniDot, Lanes512, Vector512<float>>, Vector256<int>, Lanes512, Vector512<float>>(tile, height, panel, blockCount, scales, sums, prefetch); break;
            case KernelPath.Vector256 when AvxVnni.IsSupported: Tile<TFormat, ByteDot<VnniDot, Lanes256, Vector256<float>>, Vector256<int>, Lanes256, Vector256<float>>(tile, height, panel, blockCount, scales, sums, prefetch); break;
            case KernelPath.Vector512 when hasBytes: Tile<TFormat, NarrowDot<Lanes512, Vector512<int>, Vector512<float>>, Vector512<int>, Lanes512, Vector512<float>>(tile, height, panel, blockCount, scales, sums, prefetch); break;
            case KernelPath.Vector256 when hasBytes: Tile<TFormat, NarrowDot<Lanes256, Vector256<int>, Vector256<float>>, Vector256<int>, Lanes256, Vector256<float>>(tile, height, panel, blockCount, scales, sums, prefetch); break;
            case KernelPath.Vector512: Tile<TFormat, WordDot<Lanes512, Vector512<int>, Vector512<float>>, Vector512<int>, Lanes512, Vector512<float>>(tile, height, panel, blockCount, scales, sums, prefetch); break;
            case KernelPath.Vector256: Tile<TFormat, WordDot<Lanes256, Vector256<int>, Vector256<float>>, Vector256<int>, Lanes256, Vector256<float>>(tile, height, panel, blockCount, scales, sums, prefetch); break;
            default: Tile<TFormat, WordDot<Lanes128, Vector128<int>, Vector128<float>>, Vector128<int>, Lanes128, Vector128<float>>(tile, height, panel, blockCount, scales, sums, prefetch); break;
        }
    }

    /// <summary>Multiplies a tile by a panel in one way.</summary>
    public static void Tile<TFormat, TDot, TInts, TLanes, TVector>(byte* tile, int height, byte* panel, int blockCount, float* scales, float* sums, PanelPrefetch prefetch)
        where TFormat : struct, IPanelFormat
        where TDot : struct, IDotLanes<TInts, TVector>
        where TInts : struct
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        switch (height)
        {
            case 1: Tile<TFormat, TDot, TInts, TLanes, TVector, Counts.One>(tile, panel, blockCount, scales, sums, prefetch); break;
            case 2: Tile<TFormat, TDot, TInts, TLanes, TVector, Counts.Two>(tile, panel, blockCount, scales, sums, prefetch); break;
            case 4: Tile<TFormat, TDot, TInts, TLanes, TVector, Counts.Four>(tile, panel, blockCount, scales, sums, prefetch); break;
            case 6: Tile<TFormat, TDot, TInts, TLanes, TVector, Counts.Six>(tile, panel, blockCount, scales, sums, prefetch); break;
            default: Tile<TFormat, TDot, TInts, TLanes, TVector, Counts.Eight>(tile, panel, blockCount, scales, sums, prefetch); break;
        }
    }

    private static void WidenScales<TFormat>(PackedMatrix weights, int panelIndex, float* scales)
        where TFormat : struct, IPanelFormat
    {
        byte* panel = weights.Panel(panelIndex);
        int blockCount = QuantizedRows.BlockCount(weights.ColumnCount);
        for (int b = 0; b < blockCount; b++, scales += ScaleStep(TFormat.HasMinimums))
        {
            for (int output = 0; output < PanelWidth; output += Lanes128.Count)
            {
                TFormat.Scales<Lanes128, Vector128<float>>(panel, b, output).Store(scales + output);
                if (TFormat.HasMinimums) TFormat.Minimums<Lanes128, Vector128<float>>(panel, b, output).Store(scales + PanelWidth + output);
            }
        }
    }

    private static int ScaleStep(bool hasMinimums) => hasMinimums ? 2 * PanelWidth : PanelWidth;

    private static void Scalar<TFormat>(byte* tile, int height, byte* panel, int blockCount, float* sums)
        where TFormat : struct, IPanelFormat
    {
        float* scales = stackalloc float[PanelWidth];
        float* minimums = stackalloc float[PanelWidth];
        for (int b = 0; b < blockCount; b++, tile += height * ((4 * QuadCount) + sizeof(float) + sizeof(int)))
        {
            byte* block = TFormat.Block(panel, b);
            float* factors = (float*)(tile + (QuadCount * height * 4));
            int* corrections = (int*)(factors + height);
            for (int output = 0; output < PanelWidth; output += Lanes128.Count)
            {
                TFormat.Scales<Lanes128, Vector128<float>>(panel, b, output).Store(scales + output);
                TFormat.Minimums<Lanes128, Vector128<float>>(panel, b, output).Store(minimums + output);
            }

            for (int output = 0; output < PanelWidth; output++)
            {
                for (int row = 0; row < height; row++)
                {
                    int dot = TFormat.HasMinimums ? 0 : corrections[row];
                    for (int column = 0; column < QuantizedRows.BlockColumns; column++)
                        dot += TFormat.Code(block, column, output) * (sbyte)tile[(row * QuantizedRows.BlockColumns) + column];
                    ref float sum = ref sums[(row * PanelWidth) + output];
                    sum = MathF.FusedMultiplyAdd(dot, scales[output] * factors[row], sum);
                    if (TFormat.HasMinimums) sum = MathF.FusedMultiplyAdd(minimums[output], ((float*)corrections)[row], sum);
                }
            }
        }
    }
}
