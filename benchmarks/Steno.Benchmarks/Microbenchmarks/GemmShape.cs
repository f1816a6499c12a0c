namespace Steno.Benchmarks.Microbenchmarks;

/// <summary>A matrix product of the models.</summary>
/// <param name="Use">Where it occurs.</param>
/// <param name="RowCount">M, rows of activations.</param>
/// <param name="OutputCount">N, rows of weights.</param>
/// <param name="Depth">K.</param>
/// <param name="BytesPerWeight">Bytes of a weight.</param>
public sealed record GemmShape(string Use, int RowCount, int OutputCount, int Depth, int BytesPerWeight)
    : KernelWork($"{Use} {RowCount} x {OutputCount} x {Depth} {(BytesPerWeight == 4 ? "F32" : "BF16")}", 2.0 * RowCount * OutputCount * Depth, (double)OutputCount * Depth * BytesPerWeight)
{
    /// <summary>The products of Qwen3-ASR-0.6B for 11 s of audio (143 rows, 158 with the prompt) and for a decode step, with F32 and BF16 weights.</summary>
    public static IReadOnlyList<GemmShape> All { get; } = [.. Shapes(bytesPerWeight: 2), .. Shapes(bytesPerWeight: 4)];

    private static GemmShape[] Shapes(int bytesPerWeight) =>
    [
        new("conv2d2", 3200, 480, 4320, bytesPerWeight),
        new("conv_out", 143, 896, 7680, bytesPerWeight),
        new("encoder q,k,v", 143, 2688, 896, bytesPerWeight),
        new("encoder out_proj", 143, 896, 896, bytesPerWeight),
        new("encoder fc1", 143, 3584, 896, bytesPerWeight),
        new("encoder fc2", 143, 896, 3584, bytesPerWeight),
        new("prefill q,k,v", 158, 4096, 1024, bytesPerWeight),
        new("prefill o_proj", 158, 1024, 2048, bytesPerWeight),
        new("prefill gate,up", 158, 6144, 1024, bytesPerWeight),
        new("prefill down", 158, 1024, 3072, bytesPerWeight),
        new("decode q,k,v", 1, 4096, 1024, bytesPerWeight),
        new("decode gate,up", 1, 6144, 1024, bytesPerWeight),
        new("decode down", 1, 1024, 3072, bytesPerWeight),
        new("decode head", 1, 151936, 1024, bytesPerWeight),
    ];
}
