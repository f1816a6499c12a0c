using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Steno.Kernels;

namespace Steno.Tests.Kernels;

/// <summary>The kernels that multiply bytes, with their instruction emulated: on processors that have it, the other tests run them as they are.</summary>
public sealed unsafe class ByteDotTests
{
    private static int[] Heights => [1, 2, 4, 6];

    [Fact]
    public void Tiles_of_every_height_give_the_scalar_path_s_bits_in_256_bits()
    {
        Assert.SkipUnless(Avx2.IsSupported && Fma.IsSupported, "needs AVX2");
        AssertSame(WeightFormat.Q8, Tile<ScaledPanel<Codes8>, ByteDot<EmulatedByteDot, Lanes256, Vector256<float>>, Lanes256, Vector256<float>>);
        AssertSame(WeightFormat.Q6, Tile<ScaledPanel<Codes6>, ByteDot<EmulatedByteDot, Lanes256, Vector256<float>>, Lanes256, Vector256<float>>);
        AssertSame(WeightFormat.Q4, Tile<ScaledPanel<Codes4>, ByteDot<EmulatedByteDot, Lanes256, Vector256<float>>, Lanes256, Vector256<float>>);
        AssertSame(WeightFormat.Q4K, Tile<Q4KPanel, ByteDot<EmulatedByteDot, Lanes256, Vector256<float>>, Lanes256, Vector256<float>>);
        AssertSame(WeightFormat.Affine4, Tile<AffinePanel<Codes4>, ByteDot<EmulatedByteDot, Lanes256, Vector256<float>>, Lanes256, Vector256<float>>);
        AssertSame(WeightFormat.Affine6, Tile<AffinePanel<Codes6>, ByteDot<EmulatedByteDot, Lanes256, Vector256<float>>, Lanes256, Vector256<float>>);
        AssertSame(WeightFormat.Affine8, Tile<AffinePanel<Codes8>, ByteDot<EmulatedByteDot, Lanes256, Vector256<float>>, Lanes256, Vector256<float>>);
    }

    [Fact]
    public void Tiles_of_every_height_give_the_scalar_path_s_bits_in_512_bits()
    {
        Assert.SkipUnless(Avx512F.IsSupported, "needs AVX-512");
        AssertSame(WeightFormat.Q8, Tile<ScaledPanel<Codes8>, ByteDot<EmulatedByteDot, Lanes512, Vector512<float>>, Lanes512, Vector512<float>>);
        AssertSame(WeightFormat.Q6, Tile<ScaledPanel<Codes6>, ByteDot<EmulatedByteDot, Lanes512, Vector512<float>>, Lanes512, Vector512<float>>);
        AssertSame(WeightFormat.Q4, Tile<ScaledPanel<Codes4>, ByteDot<EmulatedByteDot, Lanes512, Vector512<float>>, Lanes512, Vector512<float>>);
        AssertSame(WeightFormat.Q4K, Tile<Q4KPanel, ByteDot<EmulatedByteDot, Lanes512, Vector512<float>>, Lanes512, Vector512<float>>);
        AssertSame(WeightFormat.Affine4, Tile<AffinePanel<Codes4>, ByteDot<EmulatedByteDot, Lanes512, Vector512<float>>, Lanes512, Vector512<float>>);
        AssertSame(WeightFormat.Affine6, Tile<AffinePanel<Codes6>, ByteDot<EmulatedByteDot, Lanes512, Vector512<float>>, Lanes512, Vector512<float>>);
        AssertSame(WeightFormat.Affine8, Tile<AffinePanel<Codes8>, ByteDot<EmulatedByteDot, Lanes512, Vector512<float>>, Lanes512, Vector512<float>>);
    }

    private delegate void Kernel(byte* tile, int height, byte* panel, int blockCount, float* sums);

    private static void Tile<TFormat, TDot, TLanes, TVector>(byte* tile, int height, byte* panel, int blockCount, float* sums)
        where TFormat : struct, IPanelFormat
        where TDot : struct, IDotLanes<Vector256<int>, TVector>
        where TLanes : struct, ILanes<TVector>
        where TVector : struct =>
        DotKernel.Tile<TFormat, TDot, Vector256<int>, TLanes, TVector>(tile, height, panel, blockCount, null, sums, PanelPrefetch.None);

    // The scalar path stores the codes of rows as bytes too.
    private static void AssertSame(WeightFormat format, Kernel kernel)
    {
        foreach (int depth in KnownWeights.Depths(format, 20, 96, 512))
        {
            using var panels = new GuardedBuffer<byte>((int)PanelFormats.PanelBytes(format, depth));
            using var matrix = new PackedMatrix(format, rowCount: 16, depth, isPaired: false, panels.Pointer);
            KnownWeights.Fill(matrix, seed: depth);
            foreach (int height in Heights)
            {
                using GuardedBuffer<float> rows = GuardedBuffer<float>.Random(height * depth, seed: height);
                using var tile = new GuardedBuffer<byte>((int)QuantizedRows.TileBytes(height, depth, format, KernelPath.Scalar));
                using var expected = new GuardedBuffer<float>(height * 16);
                using var actual = new GuardedBuffer<float>(height * 16);
                QuantizedRows.Quantize(rows.Pointer, height, height, depth, format, tile.Pointer, KernelPath.Scalar);
                DotKernel.Multiply(tile.Pointer, height, matrix, 0, null, expected.Pointer, PanelPrefetch.None, KernelPath.Scalar);
                kernel(tile.Pointer, height, panels.Pointer, QuantizedRows.BlockCount(depth), actual.Pointer);
                Assert.Equal(expected.Span.ToArray(), actual.Span.ToArray());
            }
        }
    }
}
