using Steno.Model;
using Steno.Tensors;

namespace Steno.Benchmarks.Growing;

/// <summary>Lists the tensors of a grown checkpoint, under the original names and in the order they are written.</summary>
internal sealed class TensorPlan
{
    private const string AudioPrefix = "thinker.audio_tower.";
    private const string TextPrefix = "thinker.model.";

    private readonly ModelSize _size;
    private readonly IWeightSource _source;
    private readonly ulong _seed;
    private readonly List<TensorRecipe> _recipes = [];

    private TensorPlan(ModelSize size, IWeightSource source, ulong seed)
    {
        _size = size;
        _source = source;
        _seed = seed;
    }

    // What stands in a layer that the small model has not, and that must leave the residual stream as it is.
    private enum InIdentityLayer
    {
        Zero,
        One,
        Random,
    }

    /// <summary>Plans a checkpoint.</summary>
    /// <param name="config">Dimensions of the small model.</param>
    /// <param name="size">Dimensions to grow to.</param>
    /// <param name="source">The small model's weights; may be disposed afterwards.</param>
    /// <param name="sourceRowOfToken">The small model's token for each token of the larger vocabulary, or -1.</param>
    /// <param name="seed">Seed of the weights that have no effect.</param>
    /// <exception cref="BenchmarkException">A dimension is no multiple of the small model's.</exception>
    public static IReadOnlyList<TensorRecipe> Create(ModelConfig config, ModelSize size, IWeightSource source, int[] sourceRowOfToken, ulong seed)
    {
        var plan = new TensorPlan(size, source, seed);
        plan.AddAudioTower(config.Audio);
        plan.AddLanguageModel(config.Text, sourceRowOfToken);
        return plan._recipes;
    }

    /// <summary>The small model's layer that a layer of the grown model is, or -1 for an identity.</summary>
    /// <remarks>They are spread from the first layer to the last, so that losing any layer of the grown model's ends shows in its text.</remarks>
    public static int SourceLayer(int layer, int layerCount, int sourceLayerCount)
    {
        for (int i = 0; i < sourceLayerCount; i++)
        {
            int place = sourceLayerCount == 1 ? 0 : (int)((long)i * (layerCount - 1) / (sourceLayerCount - 1));
            if (place == layer) return i;
        }

        return -1;
    }

    private void AddAudioTower(AudioEncoderConfig config)
    {
        int width = _size.AudioWidth;
        int channels = _size.ConvChannelCount;
        int inner = _size.AudioFeedForwardWidth;
        Repeat(AudioPrefix + "conv2d1.weight", channels, 1, 3, 3);
        Repeat(AudioPrefix + "conv2d1.bias", channels);
        Repeat(AudioPrefix + "conv2d2.weight", channels, channels, 3, 3);
        Repeat(AudioPrefix + "conv2d2.bias", channels);
        Repeat(AudioPrefix + "conv2d3.weight", channels, channels, 3, 3);
        Repeat(AudioPrefix + "conv2d3.bias", channels);
        Repeat(AudioPrefix + "conv_out.weight", width, channels * config.StemFrequencyCount);

        RequireLayers("the audio tower", _size.AudioLayerCount, config.LayerCount);
        for (int i = 0; i < _size.AudioLayerCount; i++)
        {
            AddLayer(
                AudioPrefix + "layers.",
                i,
                SourceLayer(i, _size.AudioLayerCount, config.LayerCount),
                ("self_attn.q_proj.weight", InIdentityLayer.Random, [width, width]),
                ("self_attn.q_proj.bias", InIdentityLayer.Random, [width]),
                ("self_attn.k_proj.weight", InIdentityLayer.Random, [width, width]),
                ("self_attn.k_proj.bias", InIdentityLayer.Random, [width]),
                ("self_attn.v_proj.weight", InIdentityLayer.Random, [width, width]),
                ("self_attn.v_proj.bias", InIdentityLayer.Random, [width]),
                ("self_attn.out_proj.weight", InIdentityLayer.Zero, [width, width]),
                ("self_attn.out_proj.bias", InIdentityLayer.Zero, [width]),
                ("self_attn_layer_norm.weight", InIdentityLayer.One, [width]),
                ("self_attn_layer_norm.bias", InIdentityLayer.Zero, [width]),
                ("fc1.weight", InIdentityLayer.Random, [inner, width]),
                ("fc1.bias", InIdentityLayer.Random, [inner]),
                ("fc2.weight", InIdentityLayer.Zero, [width, inner]),
                ("fc2.bias", InIdentityLayer.Zero, [width]),
                ("final_layer_norm.weight", InIdentityLayer.One, [width]),
                ("final_layer_norm.bias", InIdentityLayer.Zero, [width]));
        }

        Repeat(AudioPrefix + "ln_post.weight", width);
        Repeat(AudioPrefix + "ln_post.bias", width);
        Repeat(AudioPrefix + "proj1.weight", width, width);
        Repeat(AudioPrefix + "proj1.bias", width);
        Repeat(AudioPrefix + "proj2.weight", _size.TextWidth, width);
        Repeat(AudioPrefix + "proj2.bias", _size.TextWidth);
    }

    private void AddLanguageModel(TextDecoderConfig config, int[] sourceRowOfToken)
    {
        int width = _size.TextWidth;
        int inner = _size.TextFeedForwardWidth;
        int queryWidth = _size.TextHeadCount * config.HeadWidth;
        int keyWidth = _size.TextKvHeadCount * config.HeadWidth;
        (float[] table, _) = Read(TextPrefix + "embed_tokens.weight");
        _recipes.Add(new EmbeddingTensor(TextPrefix + "embed_tokens.weight", table, config.Width, sourceRowOfToken, width));

        RequireLayers("the language model", _size.TextLayerCount, config.LayerCount);
        for (int i = 0; i < _size.TextLayerCount; i++)
        {
            AddLayer(
                TextPrefix + "layers.",
                i,
                SourceLayer(i, _size.TextLayerCount, config.LayerCount),
                ("input_layernorm.weight", InIdentityLayer.One, [width]),
                ("self_attn.q_proj.weight", InIdentityLayer.Random, [queryWidth, width]),
                ("self_attn.k_proj.weight", InIdentityLayer.Random, [keyWidth, width]),
                ("self_attn.v_proj.weight", InIdentityLayer.Random, [keyWidth, width]),
                ("self_attn.o_proj.weight", InIdentityLayer.Zero, [width, queryWidth]),
                ("self_attn.q_norm.weight", InIdentityLayer.One, [config.HeadWidth]),
                ("self_attn.k_norm.weight", InIdentityLayer.One, [config.HeadWidth]),
                ("post_attention_layernorm.weight", InIdentityLayer.One, [width]),
                ("mlp.gate_proj.weight", InIdentityLayer.Random, [inner, width]),
                ("mlp.up_proj.weight", InIdentityLayer.Random, [inner, width]),
                ("mlp.down_proj.weight", InIdentityLayer.Zero, [width, inner]));
        }

        Repeat(TextPrefix + "norm.weight", width);
        AddHead(config, table, sourceRowOfToken);
    }

    // The published files hold the head although it is tied; readers that honour the tie never touch it.
    private void AddHead(TextDecoderConfig config, float[] embedding, int[] sourceRowOfToken)
    {
        const string Name = "thinker.lm_head.weight";
        float[] head = config.HasTiedHead ? embedding : Read(Name).Values;
        _recipes.Add(new EmbeddingTensor(Name, head, config.Width, sourceRowOfToken, _size.TextWidth));
    }

    private void AddLayer(string prefix, int layer, int sourceLayer, params ReadOnlySpan<(string Suffix, InIdentityLayer Identity, int[] Shape)> tensors)
    {
        foreach ((string suffix, InIdentityLayer identity, int[] shape) in tensors)
        {
            string name = $"{prefix}{layer}.{suffix}";
            if (sourceLayer >= 0)
            {
                (float[] values, int[] sourceShape) = Read($"{prefix}{sourceLayer}.{suffix}");
                _recipes.Add(new RepeatedTensor(name, values, sourceShape, shape));
            }
            else if (identity == InIdentityLayer.Random)
            {
                _recipes.Add(new RandomTensor(name, _seed, shape));
            }
            else
            {
                _recipes.Add(new ConstantTensor(name, identity == InIdentityLayer.One ? 1 : 0, shape));
            }
        }
    }

    private void Repeat(string name, params int[] shape)
    {
        (float[] values, int[] sourceShape) = Read(name);
        _recipes.Add(new RepeatedTensor(name, values, sourceShape, shape));
    }

    private (float[] Values, int[] Shape) Read(string name)
    {
        if (!_source.TryGetTensor(name, out TensorView tensor)) throw new BenchmarkException($"{_source.Location} has no tensor {name}.");
        using AlignedBuffer<float> values = tensor.ReadFloats();
        return (values.Span.ToArray(), [.. tensor.Shape.Select(dimension => checked((int)dimension))]);
    }

    private static void RequireLayers(string part, int layerCount, int sourceLayerCount)
    {
        if (layerCount < sourceLayerCount) throw new BenchmarkException($"{part} cannot shrink from {sourceLayerCount} to {layerCount} layers.");
    }
}
