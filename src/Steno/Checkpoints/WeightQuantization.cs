using System.Text.Json;
using Steno.Formats;

namespace Steno.Checkpoints;

/// <summary>
/// What the configuration of a checkpoint says of the quantisation of its weights. How each matrix is stored is told by the matrix itself; what counts here
/// is the name, and what no matrix shows: that its input is transformed first, or that the method is none that Steno reads.
/// </summary>
/// <param name="Name">Who quantised, and how, such as <c>ModelOpt FP8</c>.</param>
internal sealed record WeightQuantization(string Name)
{
    private const string ModelOptFile = "hf_quant_config.json";
    private const int MaxBytes = 1 << 20;

    private static readonly string[] MlxModes = ["affine", "mxfp4", "nvfp4", "mxfp8"];

    /// <summary>Reads what the configuration says.</summary>
    /// <param name="root">The whole config.json.</param>
    /// <param name="directory">The checkpoint, where ModelOpt has a file of its own.</param>
    /// <returns>Null where it says nothing.</returns>
    /// <exception cref="ModelFormatException">A value cannot be used.</exception>
    /// <exception cref="UnsupportedModelException">The method is none that Steno reads.</exception>
    public static WeightQuantization? Read(ConfigObject root, string directory)
    {
        ConfigObject thinker = root.OptionalObject("thinker_config") ?? root;
        foreach (ConfigObject place in new[] { root, thinker })
        {
            foreach (string key in new[] { "quantization_config", "quantization" })
            {
                if (place.OptionalObject(key) is { } quantization) return Of(quantization);
            }
        }

        string path = Path.Combine(directory, ModelOptFile);
        if (!File.Exists(path)) return null;
        using JsonDocument document = JsonFile.ReadObject(path, MaxBytes);
        return ModelOpt(ConfigObject.Root(document, path).OptionalObject("quantization"));
    }

    private static WeightQuantization Of(ConfigObject quantization)
    {
        string? method = quantization.OptionalText("quant_method");
        switch (method)
        {
            case null when quantization.Has("bits"):
                return Mlx(quantization);
            case "modelopt":
                return ModelOpt(quantization);
            case "compressed-tensors":
                return CompressedTensors(quantization);
            case "fp8":
                return new WeightQuantization("FP8");
            default:
                throw Unsupported(quantization, method is null ? "in a way that it does not name" : $"by {MessageText.Excerpt(method)}");
        }
    }

    private static WeightQuantization Mlx(ConfigObject quantization)
    {
        string mode = quantization.OptionalText("mode") ?? MlxModes[0];
        return MlxModes.Contains(mode) ? new WeightQuantization("MLX") : throw Unsupported(quantization, $"by MLX in mode {MessageText.Excerpt(mode)}");
    }

    private static WeightQuantization ModelOpt(ConfigObject? quantization) =>
        new(quantization?.OptionalText("quant_algo") is { } algorithm ? $"ModelOpt {MessageText.Excerpt(algorithm)}" : "ModelOpt");

    private static WeightQuantization CompressedTensors(ConfigObject quantization)
    {
        if (quantization.OptionalObject("transform_config")?.OptionalObject("config_groups") is { IsEmpty: false })
            throw Unsupported(quantization, "by compressed-tensors with a transform of the inputs");
        if (quantization.OptionalObject("sparsity_config")?.OptionalText("format") is { } sparse and not "dense")
            throw Unsupported(quantization, $"by compressed-tensors with sparse weights ({MessageText.Excerpt(sparse)})");
        string? format = quantization.OptionalText("format");
        return new WeightQuantization(format is null ? "compressed-tensors" : $"compressed-tensors {MessageText.Excerpt(format)}");
    }

    private static UnsupportedModelException Unsupported(ConfigObject place, string how) => new(
        $"{place.File}: the weights are quantised {how}; Steno reads those of MLX, ModelOpt, compressed-tensors and FP8, and GGUF files. "
        + "Fetch one of these, or the original model (steno pull 0.6b or 1.7b).");
}
