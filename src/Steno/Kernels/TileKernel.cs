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

    /// <summary>Multiplies a full tile.</summary>
    /// <typeparam name="TElement">Number format of <paramref name="b"/>: float or <see cref="BFloat16"/>.</typeparam>
    /// <param name="a">[depth, 8].</param>
    /// <param name="b">First panel.</param>
    /// <param name="panelStride">Elements from one panel to the next.</param>
    /// <param name="depthStride">Elements from one k to the next.</param>
    /// <param name="depth">Number of k.</param>
    /// <param name="panelCount">Number of panels.</param>
    /// <param name="sums">[panelCount, 8, 16].</param>
    /// <param name="accumulates">True to start from the sums that are there, false to start from zero.</param>
    /// <param name="path">Vector registers to use.</param>
    public static void Rows8<TElement>(float* a, TElement* b, long panelStride, long depthStride, int depth, int panelCount, float* sums, bool accumulates, KernelPath path)
        where TElement : unmanaged
    {
        const int PanelSums = Height * PanelWidth;
        if (!accumulates) new Span<float>(sums, panelCount * PanelSums).Clear();
        if (path == KernelPath.Vector512)
        {
            for (; panelCount >= 3; panelCount -= 3, b += 3 * panelStride, sums += 3 * PanelSums)
                Vector512Rows8Panels3(a, b, b + panelStride, b + (2 * panelStride), depthStride, depth, sums);
        }

        for (; panelCount > 0; panelCount--, b += panelStride, sums += PanelSums)
        {
            switch (path)
            {
                case KernelPath.Vector512:
                    Vector512Rows8(a, b, depthStride, depth, sums);
                    break;
                case KernelPath.Vector256:
                    Vector256Rows4(a, b, depthStride, depth, sums);
                    Vector256Rows4(a + 4, b, depthStride, depth, sums + (4 * PanelWidth));
                    break;
                case KernelPath.Vector128:
                    Vector128Rows4(a, b, depthStride, depth, sums);
                    Vector128Rows4(a + 4, b, depthStride, depth, sums + (4 * PanelWidth));
                    break;
                default:
                    Scalar(a, Height, b, depthStride, depth, sums);
                    break;
            }
        }
    }

    /// <summary>Multiplies a single row: as <see cref="Rows8"/> with <paramref name="a"/> [depth] and <paramref name="sums"/> [panelCount, 16].</summary>
    public static void Row1<TElement>(float* a, TElement* b, long panelStride, long depthStride, int depth, int panelCount, float* sums, bool accumulates, KernelPath path)
        where TElement : unmanaged
    {
        if (!accumulates) new Span<float>(sums, panelCount * PanelWidth).Clear();
        if (path == KernelPath.Vector512)
        {
            for (; panelCount >= 4; panelCount -= 4, b += 4 * panelStride, sums += 4 * PanelWidth)
                Vector512Row1Panels4(a, b, panelStride, depthStride, depth, sums);
        }

        for (; panelCount > 0; panelCount--, b += panelStride, sums += PanelWidth)
        {
            switch (path)
            {
                case KernelPath.Vector512: Vector512Row1(a, b, depthStride, depth, sums); break;
                case KernelPath.Vector256: Vector256Row1(a, b, depthStride, depth, sums); break;
                case KernelPath.Vector128: Vector128Row1(a, b, depthStride, depth, sums); break;
                default: Scalar(a, 1, b, depthStride, depth, sums); break;
            }
        }
    }
}
