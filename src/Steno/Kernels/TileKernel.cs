using System.Runtime.Intrinsics;
using Steno.Tensors;

namespace Steno.Kernels;

/// <summary>The inner product at the bottom of every matrix product: a tile of rows times panels of 16 columns.</summary>
/// <remarks>
/// <code>sums[p, r, c] (+)= sum over k of a[k, r] * b[p * panelStride + k * depthStride + c]        r &lt; rows, c &lt; 16</code>
/// The rows lie side by side for each k (<see cref="RowTiles"/>), so that the tile reads one ascending stream of activations. Each sum is one
/// chain of fused multiply-adds over ascending k whatever the path, the number of rows or of panels: all give the same bits.
/// <para>
/// Packed weights have panelStride 16 * K and depthStride 16; so have cached keys. Cached values, [position, headWidth], are the second factor
/// of attention with panelStride 16 and depthStride headWidth.
/// </para>
/// </remarks>
internal static unsafe partial class TileKernel
{
    /// <summary>Rows of a full tile.</summary>
    public const int Height = 8;

    /// <summary>Columns of a panel: one 512-bit register of floats.</summary>
    public const int PanelWidth = 16;

    /// <summary>Multiplies a tile.</summary>
    /// <typeparam name="TElement">Number format of <paramref name="b"/>: float or <see cref="BFloat16"/>.</typeparam>
    /// <param name="a">[depth, height].</param>
    /// <param name="height">Rows of the tile: 1, 2, 4 or 8.</param>
    /// <param name="b">First panel.</param>
    /// <param name="panelStride">Elements from one panel to the next.</param>
    /// <param name="depthStride">Elements from one k to the next.</param>
    /// <param name="depth">Number of k.</param>
    /// <param name="panelCount">Number of panels.</param>
    /// <param name="sums">[panelCount, height, 16].</param>
    /// <param name="accumulates">True to start from the sums that are there, false to start from zero.</param>
    /// <param name="path">Vector registers to use.</param>
    public static void Multiply<TElement>(float* a, int height, TElement* b, long panelStride, long depthStride, int depth, int panelCount, float* sums, bool accumulates, KernelPath path)
        where TElement : unmanaged
    {
        if (!accumulates) new Span<float>(sums, panelCount * height * PanelWidth).Clear();
        switch (path)
        {
            case KernelPath.Vector512: Panels512(a, height, b, panelStride, depthStride, depth, panelCount, sums); break;
            case KernelPath.Vector256: Panels256(a, height, b, panelStride, depthStride, depth, panelCount, sums); break;
            case KernelPath.Vector128: Panels128(a, height, b, panelStride, depthStride, depth, panelCount, sums); break;
            default:
                for (int panel = 0; panel < panelCount; panel++)
                    Scalar(a, height, b + (panel * panelStride), depthStride, depth, sums + (panel * height * PanelWidth));
                break;
        }
    }

    // Of 32 registers 8 rows by 3 panels take 24 sums, 3 of weights and 1 of activations: 24 chains cover the latency of 4 cycles at two multiply-adds a
    // cycle three times over. Fewer rows are bound by the memory that the weights come from: four panels are as many ascending streams.
    private static void Panels512<TElement>(float* a, int height, TElement* b, long panelStride, long depthStride, int depth, int panelCount, float* sums)
        where TElement : unmanaged
    {
        int panelSums = height * PanelWidth;
        int step = height == Height ? 3 : 4;
        for (; panelCount >= step; panelCount -= step, b += step * panelStride, sums += step * panelSums)
        {
            switch (height)
            {
                case 1: Tile<TElement, Lanes512, Vector512<float>, Counts.One, Counts.Four>(a, 1, b, panelStride, depthStride, depth, sums, panelSums); break;
                case 2: Tile<TElement, Lanes512, Vector512<float>, Counts.Two, Counts.Four>(a, 2, b, panelStride, depthStride, depth, sums, panelSums); break;
                case 4: Tile<TElement, Lanes512, Vector512<float>, Counts.Four, Counts.Four>(a, 4, b, panelStride, depthStride, depth, sums, panelSums); break;
                default: Tile<TElement, Lanes512, Vector512<float>, Counts.Eight, Counts.Three>(a, 8, b, panelStride, depthStride, depth, sums, panelSums); break;
            }
        }

        for (; panelCount > 0; panelCount--, b += panelStride, sums += panelSums)
        {
            switch (height)
            {
                case 1: Tile<TElement, Lanes512, Vector512<float>, Counts.One, Counts.One>(a, 1, b, panelStride, depthStride, depth, sums, panelSums); break;
                case 2: Tile<TElement, Lanes512, Vector512<float>, Counts.Two, Counts.One>(a, 2, b, panelStride, depthStride, depth, sums, panelSums); break;
                case 4: Tile<TElement, Lanes512, Vector512<float>, Counts.Four, Counts.One>(a, 4, b, panelStride, depthStride, depth, sums, panelSums); break;
                default: Tile<TElement, Lanes512, Vector512<float>, Counts.Eight, Counts.One>(a, 8, b, panelStride, depthStride, depth, sums, panelSums); break;
            }
        }
    }

    // Of the 16 registers of AVX2 4 rows by one panel take 8 sums, 2 of weights and 1 of activations. Eight chains are just what two multiply-adds a cycle
    // with a latency of 4 cycles need; 2 rows and 1 row have as many, or half, with two panels.
    private static void Panels256<TElement>(float* a, int height, TElement* b, long panelStride, long depthStride, int depth, int panelCount, float* sums)
        where TElement : unmanaged
    {
        int panelSums = height * PanelWidth;
        for (; height <= 2 && panelCount >= 2; panelCount -= 2, b += 2 * panelStride, sums += 2 * panelSums)
        {
            if (height == 1) Tile<TElement, Lanes256, Vector256<float>, Counts.One, Counts.Four>(a, 1, b, panelStride, depthStride, depth, sums, panelSums);
            else Tile<TElement, Lanes256, Vector256<float>, Counts.Two, Counts.Four>(a, 2, b, panelStride, depthStride, depth, sums, panelSums);
        }

        for (; height >= 4 && panelCount >= 3; panelCount -= 3, b += 3 * panelStride, sums += 3 * panelSums)
        {
            for (int row = 0; row < height; row += 4)
            {
                Tile<TElement, Lanes256, Vector256<float>, Counts.Four, Counts.Three>(a + row, height, b, panelStride, depthStride, depth, sums + (row * PanelWidth), panelSums);
                Tile<TElement, Lanes256, Vector256<float>, Counts.Four, Counts.Three>(a + row, height, b, panelStride, depthStride, depth, sums + (row * PanelWidth), panelSums, firstRegister: 3);
            }
        }

        for (; panelCount > 0; panelCount--, b += panelStride, sums += panelSums)
        {
            switch (height)
            {
                case 1: Tile<TElement, Lanes256, Vector256<float>, Counts.One, Counts.Two>(a, 1, b, panelStride, depthStride, depth, sums, panelSums); break;
                case 2: Tile<TElement, Lanes256, Vector256<float>, Counts.Two, Counts.Two>(a, 2, b, panelStride, depthStride, depth, sums, panelSums); break;
                default:
                    for (int row = 0; row < height; row += 4)
                        Tile<TElement, Lanes256, Vector256<float>, Counts.Four, Counts.Two>(a + row, height, b, panelStride, depthStride, depth, sums + (row * PanelWidth), panelSums);
                    break;
            }
        }
    }

    // 4 rows by one panel: 16 sums, 4 registers of weights and 1 of activations, of the 32 that ARM64 has.
    private static void Panels128<TElement>(float* a, int height, TElement* b, long panelStride, long depthStride, int depth, int panelCount, float* sums)
        where TElement : unmanaged
    {
        int panelSums = height * PanelWidth;
        for (; panelCount > 0; panelCount--, b += panelStride, sums += panelSums)
        {
            switch (height)
            {
                case 1: Tile<TElement, Lanes128, Vector128<float>, Counts.One, Counts.Four>(a, 1, b, panelStride, depthStride, depth, sums, panelSums); break;
                case 2: Tile<TElement, Lanes128, Vector128<float>, Counts.Two, Counts.Four>(a, 2, b, panelStride, depthStride, depth, sums, panelSums); break;
                default:
                    for (int row = 0; row < height; row += 4)
                        Tile<TElement, Lanes128, Vector128<float>, Counts.Four, Counts.Four>(a + row, height, b, panelStride, depthStride, depth, sums + (row * PanelWidth), panelSums);
                    break;
            }
        }
    }
}
