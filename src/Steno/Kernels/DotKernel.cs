using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

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
    private const int GroupCount = QuantizedRows.GroupCount;

    /// <summary>Multiplies a tile by some panels.</summary>
    /// <param name="tile">A tile of 1 or 6 rows, quantised for the same format and path.</param>
    /// <param name="height">Rows of the tile.</param>
    /// <param name="weights">A quantised matrix.</param>
    /// <param name="firstPanel">First panel.</param>
    /// <param name="panelCount">Number of panels.</param>
    /// <param name="sums">[panelCount, height, 16].</param>
    /// <param name="path">Vector registers to use.</param>
    public static void Multiply(byte* tile, int height, PackedMatrix weights, int firstPanel, int panelCount, float* sums, KernelPath path)
    {
        switch (weights.Format)
        {
            case WeightFormat.Q8: Multiply<ScaledPanel<Codes8>>(tile, height, weights, firstPanel, panelCount, sums, path); break;
            case WeightFormat.Q6: Multiply<ScaledPanel<Codes6>>(tile, height, weights, firstPanel, panelCount, sums, path); break;
            case WeightFormat.Q4: Multiply<ScaledPanel<Codes4>>(tile, height, weights, firstPanel, panelCount, sums, path); break;
            case WeightFormat.Q4K: Multiply<Q4KPanel>(tile, height, weights, firstPanel, panelCount, sums, path); break;
            case WeightFormat.Affine4: Multiply<AffinePanel<Codes4>>(tile, height, weights, firstPanel, panelCount, sums, path); break;
            case WeightFormat.Affine6: Multiply<AffinePanel<Codes6>>(tile, height, weights, firstPanel, panelCount, sums, path); break;
            case WeightFormat.Affine8: Multiply<AffinePanel<Codes8>>(tile, height, weights, firstPanel, panelCount, sums, path); break;
            default: throw new ArgumentException($"A matrix of format {weights.Format} is not quantised.", nameof(weights));
        }
    }

    private static void Multiply<TFormat>(byte* tile, int height, PackedMatrix weights, int firstPanel, int panelCount, float* sums, KernelPath path)
        where TFormat : struct, IPanelFormat
    {
        int blockCount = QuantizedRows.BlockCount(weights.ColumnCount);
        new Span<float>(sums, panelCount * height * PanelWidth).Clear();
        for (int i = 0; i < panelCount; i++, sums += height * PanelWidth)
        {
            byte* panel = weights.Panel(firstPanel + i);
            if (path == KernelPath.Scalar) Scalar<TFormat>(tile, height, panel, blockCount, sums);
            else if (QuantizedRows.HasByteCodes(path)) Bytes<TFormat>(tile, height, panel, blockCount, sums, path);
            else Words<TFormat>(tile, height, panel, blockCount, sums, path);
        }
    }

    private static void Bytes<TFormat>(byte* tile, int height, byte* panel, int blockCount, float* sums, KernelPath path)
        where TFormat : struct, IPanelFormat
    {
        if (path == KernelPath.Vector512)
        {
            if (height == 1) VnniRow<TFormat, Lanes512, Vector512<float>>(tile, panel, blockCount, sums);
            else VnniRows<TFormat, Lanes512, Vector512<float>>(tile, panel, blockCount, sums);
        }
        else if (height == 1)
        {
            VnniRow<TFormat, Lanes256, Vector256<float>>(tile, panel, blockCount, sums);
        }
        else
        {
            VnniRows<TFormat, Lanes256, Vector256<float>>(tile, panel, blockCount, sums);
        }
    }

    private static void Words<TFormat>(byte* tile, int height, byte* panel, int blockCount, float* sums, KernelPath path)
        where TFormat : struct, IPanelFormat
    {
        switch (path)
        {
            case KernelPath.Vector512: Words<TFormat, WordLanes512, Vector512<int>, Lanes512, Vector512<float>>(tile, height, panel, blockCount, sums); break;
            case KernelPath.Vector256: Words<TFormat, WordLanes256, Vector256<int>, Lanes256, Vector256<float>>(tile, height, panel, blockCount, sums); break;
            default: Words<TFormat, WordLanes128, Vector128<int>, Lanes128, Vector128<float>>(tile, height, panel, blockCount, sums); break;
        }
    }

    // Where the format has minimums, the correction belongs to them.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Start<TFormat>(int correction)
        where TFormat : struct, IPanelFormat => TFormat.HasMinimums ? 0 : correction;

    // The end of a block for one row and the outputs of one register; the row's correction lies behind the factors of all rows.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<TFormat, TLanes, TVector>(TVector dots, TVector scales, TVector minimums, float* factor, int height, float* sums)
        where TFormat : struct, IPanelFormat
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        TVector sum = TLanes.MultiplyAdd(dots, TLanes.Multiply(scales, TLanes.Broadcast(*factor)), TLanes.Load(sums));
        if (TFormat.HasMinimums) sum = TLanes.MultiplyAdd(minimums, TLanes.Broadcast(factor[height]), sum);
        TLanes.Store(sum, sums);
    }

    private static void Scalar<TFormat>(byte* tile, int height, byte* panel, int blockCount, float* sums)
        where TFormat : struct, IPanelFormat
    {
        float* scales = stackalloc float[PanelWidth];
        float* minimums = stackalloc float[PanelWidth];
        for (int b = 0; b < blockCount; b++, tile += QuantizedRows.BlockBytes(height, KernelPath.Scalar))
        {
            byte* block = TFormat.Block(panel, b);
            float* factors = (float*)(tile + (GroupCount * height * 4));
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
                    int dot = Start<TFormat>(corrections[row]);
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
