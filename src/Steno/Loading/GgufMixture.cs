using System.Globalization;
using Steno.Tensors;

namespace Steno.Loading;

/// <summary>Which number format each tensor of a GGUF file gets.</summary>
/// <remarks>
/// Vectors are F32 and convolution kernels F16, as in every dialect. Unless loss is allowed, the audio tower has at least 8 bits and the
/// head at least 6: with fewer, greedy decoding of long audio falls into loops.
/// </remarks>
/// <param name="Name">As users write it.</param>
/// <param name="Matrices">Format of the matrices.</param>
/// <param name="IsMedium">True to give half of the value and down projections Q6_K, the layers that llama.cpp's _M mixtures choose.</param>
internal sealed record GgufMixture(string Name, DType Matrices, bool IsMedium = false)
{
    /// <summary>All that can be asked for.</summary>
    public static IReadOnlyList<GgufMixture> All { get; } =
    [
        new("f32", DType.F32), new("f16", DType.F16), new("bf16", DType.BF16), new("q8_0", DType.Q8_0), new("q6_k", DType.Q6_K),
        new("q5_k", DType.Q5_K), new("q4_k", DType.Q4_K), new("q4_k_m", DType.Q4_K, IsMedium: true), new("q5_0", DType.Q5_0), new("q4_0", DType.Q4_0),
    ];

    /// <summary>The format of a tensor.</summary>
    /// <param name="name">Its original name.</param>
    /// <param name="shape">Its original shape.</param>
    /// <param name="layerCount">Layers of the language model.</param>
    /// <param name="allowLossy">True to store tower and head as coarsely as all else.</param>
    public DType TypeOf(string name, ReadOnlySpan<long> shape, int layerCount, bool allowLossy)
    {
        if (shape.Length == 1) return DType.F32;
        if (shape.Length != 2) return Matrices == DType.F32 ? DType.F32 : DType.F16;
        DType type = Matrices;
        bool isAudio = name.StartsWith(ModelTensors.AudioPrefix, StringComparison.Ordinal);
        bool isHead = name is ModelTensors.EmbedTokens or ModelTensors.LmHead;
        if (isAudio && !allowLossy) type = AtLeast(type, DType.Q8_0);
        else if (isHead && !allowLossy) type = AtLeast(type, DType.Q6_K);
        else if (!isAudio && IsMedium && IsLarger(name, layerCount)) type = DType.Q6_K;
        return Fitting(type, shape[^1]);
    }

    private static DType AtLeast(DType type, DType floor) =>
        DTypeInfo.Of(type) is { IsQuantized: true } info && BitsPerWeight(info) < BitsPerWeight(DTypeInfo.Of(floor)) ? floor : type;

    private static double BitsPerWeight(DTypeInfo info) => 8.0 * info.BlockBytes / info.BlockLength;

    // Rows that are no whole number of large blocks take the next type of small ones, as llama.cpp does; Q5_1 is not written.
    private static DType Fitting(DType type, long width)
    {
        if (width % DTypeInfo.Of(type).BlockLength == 0) return type;
        DType smaller = type == DType.Q4_K ? DType.Q5_0 : DType.Q8_0;
        return width % DTypeInfo.Of(smaller).BlockLength == 0 ? smaller : DType.F16;
    }

    // The first and last eighth of the layers, and every third of the others.
    private static bool IsLarger(string name, int layerCount)
    {
        bool isCandidate = name.EndsWith(".v_proj.weight", StringComparison.Ordinal) || name.EndsWith(".down_proj.weight", StringComparison.Ordinal);
        const string Prefix = ModelTensors.TextPrefix + "layers.";
        if (!isCandidate || !name.StartsWith(Prefix, StringComparison.Ordinal)) return false;
        int layer = int.Parse(name.AsSpan(Prefix.Length, name.IndexOf('.', Prefix.Length) - Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture);
        int eighth = layerCount / 8;
        return layer < eighth || layer >= 7 * layerCount / 8 || (layer - eighth) % 3 == 2;
    }
}
