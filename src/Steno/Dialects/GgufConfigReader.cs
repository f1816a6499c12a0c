using System.Globalization;
using Steno.Checkpoints;
using Steno.Formats.Gguf;
using Steno.Model;
using Steno.Tensors;
using Steno.Tokenization;

namespace Steno.Dialects;

/// <summary>
/// Finds the dimensions of a model in GGUF files: from the shapes of the tensors, wherever these tell, so that a file with few or odd
/// keys loads all the same; a key that contradicts the tensors is a fault.
/// </summary>
internal static class GgufConfigReader
{
    // Where a file does not say: the values of all released checkpoints.
    private const int DefaultMelBinCount = 128;
    private const int DefaultAudioHeadWidth = 64;
    private const int DefaultWindow = 50;
    private const int DefaultWindowInfer = 800;
    private const int DefaultMaxPositionCount = 65536;
    private const double DefaultRopeTheta = 1e6;
    private const double DefaultRmsNormEpsilon = 1e-6;
    private const double AudioNormEpsilon = 1e-5;

    // A forced aligner has a head of 5000 times in place of one of tokens.
    private const int MaxClassCount = 10000;

    /// <summary>Refuses forced aligners, which are stored like models that write text.</summary>
    /// <exception cref="UnsupportedModelException">This is an aligner.</exception>
    /// <exception cref="ModelFormatException">The head fits neither.</exception>
    public static void RequireSpeechToText(GgufWeights weights)
    {
        if (IsAligner(weights)) throw ModelSupport.Aligner(weights.Location);
    }

    /// <summary>Whether the head is that of a forced aligner.</summary>
    /// <exception cref="ModelFormatException">The head is neither that nor one of tokens.</exception>
    public static bool IsAligner(GgufWeights weights)
    {
        if (!weights.TryGetTensor(ModelTensors.LmHead, out TensorView head)) return false;
        TensorView embedding = weights.Require(ModelTensors.EmbedTokens);
        if (head.Shape.AsSpan().SequenceEqual(embedding.Shape)) return false;
        if (head.Shape[0] <= MaxClassCount) return true;
        throw new ModelFormatException(
            "the output head has another shape than the embedding",
            head.File,
            head.Name,
            head.FileOffset,
            "shape " + embedding.ShapeText,
            "shape " + head.ShapeText);
    }

    /// <summary>Finds the dimensions.</summary>
    /// <exception cref="ModelFormatException">A tensor is missing or has an impossible shape, or a key contradicts the tensors.</exception>
    /// <exception cref="UnsupportedModelException">The model is a variant that Steno does not run.</exception>
    public static ModelConfig Read(GgufWeights weights, SpecialTokens tokens)
    {
        AudioEncoderConfig audio = ReadAudio(weights);
        TextDecoderConfig text = ReadText(weights);
        GgufMetadata metadata = weights.Text.Metadata;
        GgufKeys keys = weights.Dialect.Keys;
        return new ModelConfig
        {
            Audio = audio,
            Text = text,
            AudioTokenId = TokenId(metadata, keys.AudioTokenId, tokens.AudioPad, text.VocabularySize),
            AudioStartTokenId = TokenId(metadata, keys.AudioStartTokenId, tokens.AudioStart, text.VocabularySize),
            AudioEndTokenId = TokenId(metadata, keys.AudioEndTokenId, tokens.AudioEnd, text.VocabularySize),
            SupportedLanguages = [],
        };
    }

    /// <summary>Sees that every tensor of the model is there with the shape that the others call for.</summary>
    /// <exception cref="ModelFormatException">A tensor is missing or has another shape.</exception>
    public static void CheckTensors(GgufWeights weights, ModelConfig config)
    {
        foreach ((string name, long[] shape) in ModelTensors.Of(config))
        {
            TensorView tensor = weights.Require(name);
            if (tensor.Shape.AsSpan().SequenceEqual(shape)) continue;
            throw new ModelFormatException(
                "the tensor has another shape than the rest of the model calls for", tensor.File, tensor.Name, tensor.FileOffset, $"shape [{string.Join(", ", shape)}]", "shape " + tensor.ShapeText);
        }
    }

    private static AudioEncoderConfig ReadAudio(GgufWeights weights)
    {
        GgufMetadata metadata = weights.Audio.Metadata;
        GgufKeys keys = weights.Dialect.Keys;
        CheckConstants(metadata, keys);
        const string Tower = ModelTensors.AudioPrefix;
        if (weights.TryGetTensor(Tower + "conv_out.bias", out TensorView bias))
            throw new UnsupportedModelException($"{bias.File}: the audio tower has {bias.Name}, which no released Qwen3-ASR model has.");

        TensorView convOut = weights.Require(Tower + "conv_out.weight");
        int width = Dimension(convOut, 0, ModelLimits.MaxWidth);
        int headCount = Optional(metadata, keys.AudioHeadCount, 1, ModelLimits.MaxHeadCount) ?? Math.Max(1, width / DefaultAudioHeadWidth);
        if (width % headCount != 0 || width % 2 != 0)
        {
            throw metadata.Fault(
                keys.AudioHeadCount, "does not divide the width of the audio tower", $"a divisor of {width}", $"{headCount}");
        }
        int window = Optional(metadata, keys.Window, 1, ModelLimits.MaxChunkFrameCount / 2) ?? DefaultWindow;
        int windowInfer = Optional(metadata, keys.WindowInfer, 1, ModelLimits.MaxWindowFrameCount) ?? DefaultWindowInfer;
        if (windowInfer % (2 * window) != 0)
        {
            throw metadata.Fault(
                keys.WindowInfer ?? "n_window_infer",
                "does not hold whole chunks of 2 * n_window frames",
                $"a multiple of {2 * window}",
                $"{windowInfer}");
        }

        int melBinCount = Optional(metadata, keys.MelBinCount, 1, ModelLimits.MaxMelBinCount) ?? DefaultMelBinCount;
        if (Optional(metadata, keys.FrontEndMelBinCount, 0, int.MaxValue) is { } stated && stated != melBinCount)
            throw metadata.Fault(keys.FrontEndMelBinCount!, $"contradicts {keys.MelBinCount}", $"{melBinCount}", $"{stated}");

        var config = new AudioEncoderConfig
        {
            Width = Agreeing(metadata, keys.AudioWidth, width),
            LayerCount = Agreeing(metadata, keys.AudioLayerCount, weights.CountLayers(isAudio: true)),
            HeadCount = headCount,
            FeedForwardWidth = Agreeing(metadata, keys.AudioFeedForwardWidth, Dimension(weights.Require(Tower + "layers.0.fc1.weight"), 0, ModelLimits.MaxFeedForwardWidth)),
            MelBinCount = melBinCount,
            ConvChannelCount = Agreeing(metadata, keys.ConvChannelCount, Dimension(weights.Require(Tower + "conv2d1.weight"), 0, ModelLimits.MaxConvChannelCount)),
            OutputWidth = Agreeing(metadata, keys.AudioOutputWidth, Dimension(weights.Require(Tower + "proj2.weight"), 0, ModelLimits.MaxWidth)),
            ChunkFrameCount = 2 * window,
            WindowFrameCount = windowInfer,
        };
        int textWidth = Dimension(weights.Require(ModelTensors.EmbedTokens), 1, ModelLimits.MaxWidth);
        if (config.OutputWidth == textWidth) return config;
        throw new ModelFormatException(
            "the audio tower belongs to another language model", weights.Audio.Location, expected: $"outputs of width {textWidth}, as {weights.Text.Location} has", found: $"width {config.OutputWidth}");
    }

    private static TextDecoderConfig ReadText(GgufWeights weights)
    {
        GgufMetadata metadata = weights.Text.Metadata;
        GgufKeys keys = weights.Dialect.Keys;
        const string Layer = ModelTensors.TextPrefix + "layers.0.";
        TensorView embedding = weights.Require(ModelTensors.EmbedTokens);
        TensorView query = weights.Require(Layer + "self_attn.q_proj.weight");
        TensorView key = weights.Require(Layer + "self_attn.k_proj.weight");
        int headWidth = Dimension(weights.Require(Layer + "self_attn.q_norm.weight"), 0, ModelLimits.MaxHeadWidth);
        int headCount = Heads(query, headWidth);
        int kvHeadCount = Heads(key, headWidth);
        if (headCount % kvHeadCount != 0 || headWidth % 2 != 0)
        {
            throw new ModelFormatException(
                "the heads of the language model do not fit together",
                key.File,
                key.Name,
                key.FileOffset,
                $"a number of heads that divides {headCount}, of even width",
                $"{kvHeadCount} heads of width {headWidth}");
        }

        return new TextDecoderConfig
        {
            VocabularySize = Agreeing(metadata, keys.VocabularySize, Dimension(embedding, 0, ModelLimits.MaxVocabularySize)),
            Width = Agreeing(metadata, keys.TextWidth, Dimension(embedding, 1, ModelLimits.MaxWidth)),
            FeedForwardWidth = Agreeing(metadata, keys.TextFeedForwardWidth, Dimension(weights.Require(Layer + "mlp.gate_proj.weight"), 0, ModelLimits.MaxFeedForwardWidth)),
            LayerCount = Agreeing(metadata, keys.TextLayerCount, weights.CountLayers(isAudio: false)),
            HeadCount = Agreeing(metadata, keys.TextHeadCount, headCount),
            KvHeadCount = Agreeing(metadata, keys.TextKvHeadCount, kvHeadCount),
            HeadWidth = Agreeing(metadata, keys.TextHeadWidth, headWidth),
            RmsNormEpsilon = (float)(metadata.Number(keys.RmsNormEpsilon, 1e-12, 0.1) ?? DefaultRmsNormEpsilon),
            RopeTheta = metadata.Number(keys.RopeTheta, 1, 1e12) ?? DefaultRopeTheta,
            MaxPositionCount = Optional(metadata, keys.MaxPositionCount, 1, ModelLimits.MaxPositionCount) ?? DefaultMaxPositionCount,
            HasTiedHead = GgufHead.IsTied(weights),
        };
    }

    private static void CheckConstants(GgufMetadata metadata, GgufKeys keys)
    {
        foreach (GgufConstant constant in keys.FrontEnd)
        {
            if (constant.FindOther(metadata) is { } found)
            {
                throw new UnsupportedModelException(
                    $"{metadata.File}: the model wants another audio front end: found {constant.Key} is {found}, supported is {constant.ValueText}.");
            }
        }

        foreach (GgufConstant constant in keys.Networks)
        {
            if (constant.FindOther(metadata) is { } found)
            {
                throw new UnsupportedModelException(
                    $"{metadata.File}: Steno does not run this variant of Qwen3-ASR: found {constant.Key} is {found}, supported is {constant.ValueText}.");
            }
        }

        if (keys.AudioNormEpsilon is not { } epsilonKey || metadata.Number(epsilonKey, 0, 1) is not { } epsilon) return;
        if ((float)epsilon != (float)AudioNormEpsilon)
        {
            throw new UnsupportedModelException(
                string.Create(CultureInfo.InvariantCulture, $"{metadata.File}: the audio tower is another: found {epsilonKey} is {epsilon:R}, supported is {AudioNormEpsilon:R}."));
        }
    }

    private static int TokenId(GgufMetadata metadata, string? key, int tokenizerId, int vocabularySize) =>
        Optional(metadata, key, 0, vocabularySize - 1) ?? tokenizerId;

    private static int? Optional(GgufMetadata metadata, string? key, int minimum, int maximum) =>
        key is null ? null : (int?)metadata.Integer(key, minimum, maximum);

    private static int Agreeing(GgufMetadata metadata, string? key, int value)
    {
        if (Optional(metadata, key, 0, int.MaxValue) is { } stated && stated != value)
            throw metadata.Fault(key!, "contradicts the tensors", $"{value} as in the tensors", $"{stated}");
        return value;
    }

    private static int Heads(in TensorView projection, int headWidth)
    {
        int width = Dimension(projection, 0, ModelLimits.MaxHeadCount * ModelLimits.MaxHeadWidth);
        return width % headWidth == 0 && width / headWidth <= ModelLimits.MaxHeadCount
            ? width / headWidth
            : throw new ModelFormatException(
                "the tensor does not hold whole heads",
                projection.File,
                projection.Name,
                projection.FileOffset,
                $"a multiple of {headWidth} rows",
                $"{width}");
    }

    private static int Dimension(in TensorView tensor, int axis, int maximum)
    {
        long value = axis < tensor.Shape.Length ? tensor.Shape[axis] : 0;
        return value >= 1 && value <= maximum
            ? (int)value
            : throw new ModelFormatException(
                "the tensor has an impossible shape",
                tensor.File,
                tensor.Name,
                tensor.FileOffset,
                $"a dimension {axis} from 1 to {maximum}",
                "shape " + tensor.ShapeText);
    }
}
