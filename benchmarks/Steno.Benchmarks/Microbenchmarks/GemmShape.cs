using Steno.Benchmarks.Roofs;
using Steno.Kernels;

namespace Steno.Benchmarks.Microbenchmarks;

/// <summary>A matrix product of the models.</summary>
/// <param name="Use">Where it occurs.</param>
/// <param name="RowCount">M, rows of activations.</param>
/// <param name="OutputCount">N, rows of weights.</param>
/// <param name="Depth">K.</param>
/// <param name="Format">Name of the number format of the weights.</param>
public sealed record GemmShape(string Use, int RowCount, int OutputCount, int Depth, string Format)
    : KernelWork($"{Use} {RowCount} x {OutputCount} x {Depth} {Format}", 2.0 * RowCount * OutputCount * Depth, BytesOf(OutputCount, Depth, Format), ArithmeticOf(Format))
{
    private const string Head = "decode head";

    /// <summary>The products of Qwen3-ASR-0.6B for 11 s of audio (143 rows, 158 with the prompt) and for a decode step, with weights in each format that they have.</summary>
    public static IReadOnlyList<GemmShape> All { get; } = [.. Shapes(WeightFormat.BF16), .. Shapes(WeightFormat.F32), .. Shapes(WeightFormat.Q8), .. Shapes(WeightFormat.Q4), .. Shapes(WeightFormat.Q6).Where(shape => shape.Use == Head)];

    private static IEnumerable<GemmShape> Shapes(WeightFormat format) =>
    [
        new("conv2d2", 3200, 480, 4320, format.ToString()),
        new("conv_out", 143, 896, 7680, format.ToString()),
        new("encoder q,k,v", 143, 2688, 896, format.ToString()),
        new("encoder out_proj", 143, 896, 896, format.ToString()),
        new("encoder fc1", 143, 3584, 896, format.ToString()),
        new("encoder fc2", 143, 896, 3584, format.ToString()),
        new("prefill q,k,v", 158, 4096, 1024, format.ToString()),
        new("prefill o_proj", 158, 1024, 2048, format.ToString()),
        new("prefill gate,up", 158, 6144, 1024, format.ToString()),
        new("prefill down", 158, 1024, 3072, format.ToString()),
        new("decode q,k,v", 1, 4096, 1024, format.ToString()),
        new("decode gate,up", 1, 6144, 1024, format.ToString()),
        new("decode down", 1, 1024, 3072, format.ToString()),
        new(Head, 1, 151936, 1024, format.ToString()),
    ];

    private static double BytesOf(int outputCount, int depth, string format) => outputCount / 16.0 * PanelFormats.PanelBytes(Enum.Parse<WeightFormat>(format), depth);

    private static RoofKind ArithmeticOf(string format) => Enum.Parse<WeightFormat>(format).IsQuantized() ? RoofKind.IntegerDotPeak : RoofKind.FloatPeak;
}
