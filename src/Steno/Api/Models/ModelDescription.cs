using Steno.Kernels;
using Steno.Loading;
using Steno.Model;

namespace Steno;

/// <summary>Makes the public description of a loaded model.</summary>
internal static class ModelDescription
{
    public static ModelInfo Create(string name, LoadedModel model, CachePrecision cachePrecision, long cacheMemory)
    {
        AudioEncoderConfig audio = model.Config.Audio;
        TextDecoderConfig text = model.Config.Text;
        return new ModelInfo
        {
            Name = name,
            Directory = model.Directory,
            Adapters = model.Adapters,
            HeldWeights = [.. model.Weights.Stored.OrderByDescending(part => part.Count).Select(part => new HeldWeights(part.StoredAs, part.Format.ToString(), part.Count))],
            ParameterCount = model.Weights.ParameterCount,
            WeightBytes = model.Weights.ByteCount,
            CacheBytesPerPosition = KvCache.BytesPerPosition(text, cachePrecision),
            CacheMemory = cacheMemory,
            Weights = PrecisionOf(model.Weights.Text.Layers[0].GateUp.Format),
            ThreadCount = model.Runner.Pool.ThreadCount,
            KernelPath = model.Runner.Path.ToString(),
            Languages = model.Languages,
            Encoder = (audio.LayerCount, audio.Width, audio.HeadCount, audio.FeedForwardWidth, audio.ConvChannelCount),
            Decoder = (text.LayerCount, text.Width, text.HeadCount, text.KvHeadCount, text.FeedForwardWidth, text.VocabularySize),
        };
    }

    private static WeightPrecision PrecisionOf(WeightFormat format) => format switch
    {
        WeightFormat.F32 => WeightPrecision.Float32,
        WeightFormat.BF16 => WeightPrecision.BFloat16,
        WeightFormat.Q8 or WeightFormat.Affine6 or WeightFormat.Affine8 => WeightPrecision.Q8,
        _ => WeightPrecision.Q4,
    };
}
