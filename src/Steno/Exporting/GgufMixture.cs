using System.Globalization;
using Steno.Checkpoints;
using Steno.Model;
using Steno.Tensors;

namespace Steno.Exporting;

/// <summary>Which number format each tensor of a GGUF file gets.</summary>
/// <remarks>
/// Vectors are F32 and convolution kernels F16, as in every dialect. Unless loss is allowed, the audio tower has at least 8 bits and the
/// head at least 6: with fewer, greedy decoding of long audio falls into loops.
/// </remarks>
/// <param name="Name">As users write it.</param>
/// <param name="Matrices">Format of the matrices; null to keep what the source has.</param>
/// <param name="Description">What it holds, in a few words.</param>
internal sealed record GgufMixture(string Name, DType? Matrices, string Description)
{
    private const string LayerPrefix = ModelTensors.TextPrefix + "layers.";

    /// <summary>Format of the value and down projections in the layers that llama.cpp's _M mixtures choose; null for that of all matrices.</summary>
    public DType? FinerChosenLayers { get; init; }

    /// <summary>Format of the value and down projections in all other layers; null for that of all matrices.</summary>
    public DType? FinerOtherLayers { get; init; }

    /// <summary>What <c>steno convert</c> writes: formats that hold the weights as they are, or nearly.</summary>
    public static IReadOnlyList<GgufMixture> Conversions { get; } =
    [
        new("keep", null, "as the model stores it, without any loss"),
        new("f32", DType.F32, "4 bytes a weight, without any loss"),
        new("f16", DType.F16, "2 bytes a weight, 11 bits of precision"),
        new("bf16", DType.BF16, "2 bytes a weight, 8 bits of precision, as the published models have"),
    ];

    /// <summary>What <c>steno quantize</c> writes.</summary>
    public static IReadOnlyList<GgufMixture> Quantizations { get; } =
    [
        new("q8_0", DType.Q8_0, "8.5 bits a weight"),
        new("q6_k", DType.Q6_K, "6.6 bits a weight"),
        new("q5_k", DType.Q5_K, "5.5 bits a weight"),
        new("q4_k", DType.Q4_K, "4.5 bits a weight"),
        new("q4_k_m", DType.Q4_K, "llama.cpp's mixture: q4_k with half of the value and down projections in q6_k") { FinerChosenLayers = DType.Q6_K },
        new("q5_0", DType.Q5_0, "5.5 bits a weight, in blocks of 32"),
        new("q4_0", DType.Q4_0, "4.5 bits a weight, in blocks of 32"),
        new("steno-q5", DType.Q5_K, "Steno's mixture: q5_k with all value and down projections in q6_k") { FinerChosenLayers = DType.Q6_K, FinerOtherLayers = DType.Q6_K },
        new("steno-q4", DType.Q4_K, "Steno's mixture: q4_k with the value and down projections in q6_k or q5_k") { FinerChosenLayers = DType.Q6_K, FinerOtherLayers = DType.Q5_K },
    ];

    /// <summary>All that can be asked for.</summary>
    public static IReadOnlyList<GgufMixture> All { get; } = [.. Conversions, .. Quantizations];

    /// <summary>Finds a mixture by its name, in any case.</summary>
    public static GgufMixture? Find(string name) =>
        All.FirstOrDefault(mixture => string.Equals(mixture.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The format of a tensor.</summary>
    /// <param name="tensor">The tensor, of its original shape.</param>
    /// <param name="name">Its original name.</param>
    /// <param name="text">The language model.</param>
    /// <param name="allowLossy">True to store tower and head as coarsely as all else.</param>
    public GgufTypeChoice Choose(in TensorView tensor, string name, TextDecoderConfig text, bool allowLossy) =>
        Choose(tensor.LosslessType, tensor.Shape, name, text, allowLossy);

    /// <inheritdoc cref="Choose(in TensorView, string, TextDecoderConfig, bool)"/>
    public GgufTypeChoice Choose(DType stored, ReadOnlySpan<long> shape, string name, TextDecoderConfig text, bool allowLossy)
    {
        if (shape.Length == 1) return new GgufTypeChoice(DType.F32, DType.F32);
        if (shape.Length != 2) return OfConvolution(stored);
        if (Matrices is not { } type) return new GgufTypeChoice(stored, stored);
        bool isAudio = name.StartsWith(ModelTensors.AudioPrefix, StringComparison.Ordinal);
        bool isHead = name == ModelTensors.LmHead || (name == ModelTensors.EmbedTokens && text.HasTiedHead);
        if (isAudio && !allowLossy) type = AtLeast(type, DType.Q8_0);
        else if (isHead && !allowLossy) type = AtLeast(type, DType.Q6_K);
        else if (IsSensitive(name, out int layer)) type = (IsChosen(layer, text.LayerCount) ? FinerChosenLayers : FinerOtherLayers) ?? type;
        return new GgufTypeChoice(Fitting(type, shape[^1]), type);
    }

    // A kernel of BF16 keeps its values only in F32: no dialect has BF16 there.
    private GgufTypeChoice OfConvolution(DType stored)
    {
        bool isWide = Matrices == DType.F32 || (Matrices is null && stored != DType.F16);
        DType type = isWide ? DType.F32 : DType.F16;
        return new GgufTypeChoice(type, type);
    }

    private static DType AtLeast(DType type, DType floor) =>
        DTypeInfo.Of(type) is { IsQuantized: true } info && info.BitsPerElement < DTypeInfo.Of(floor).BitsPerElement ? floor : type;

    // Rows that are no whole number of blocks of 256 take the next type of small ones that Steno writes and that is not coarser.
    private static DType Fitting(DType type, long width)
    {
        if (width % DTypeInfo.Of(type).BlockLength == 0) return type;
        DType smaller = type == DType.Q4_K ? DType.Q5_0 : DType.Q8_0;
        return width % DTypeInfo.Of(smaller).BlockLength == 0 ? smaller : DType.F16;
    }

    // The projections whose error goes into the residual stream undamped, by neither a softmax nor a gate.
    private static bool IsSensitive(string name, out int layer)
    {
        layer = 0;
        bool isCandidate = name.EndsWith(".v_proj.weight", StringComparison.Ordinal) || name.EndsWith(".down_proj.weight", StringComparison.Ordinal);
        return isCandidate && name.StartsWith(LayerPrefix, StringComparison.Ordinal)
            && int.TryParse(name.AsSpan(LayerPrefix.Length, name.IndexOf('.', LayerPrefix.Length) - LayerPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out layer);
    }

    // The first and last eighth of the layers, and every third of the others.
    private static bool IsChosen(int layer, int layerCount)
    {
        int eighth = layerCount / 8;
        return layer < eighth || layer >= 7 * layerCount / 8 || (layer - eighth) % 3 == 2;
    }
}
