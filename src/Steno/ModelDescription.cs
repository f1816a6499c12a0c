using Steno.Kernels;
using Steno.Loading;
using Steno.Model;

namespace Steno;

/// <summary>Makes the public description of a loaded model.</summary>
internal static class ModelDescription
{
    public static ModelInfo Create(string name, LoadedModel model, CachePrecision cachePrecision)
    {
        AudioEncoderConfig audio = model.Config.Audio;
        TextDecoderConfig text = model.Config.Text;
        return new ModelInfo
        {
            Name = name,
            Directory = model.Directory,
            ParameterCount = model.Weights.ParameterCount,
            WeightBytes = model.Weights.ByteCount,
            CacheBytesPerPosition = KvCache.BytesPerPosition(text, cachePrecision),
            Weights = model.Weights.Text.EmbedTokens.Format == WeightFormat.BF16 ? WeightPrecision.BFloat16 : WeightPrecision.Float32,
            ThreadCount = model.Runner.Pool.ThreadCount,
            KernelPath = model.Runner.Path.ToString(),
            Languages = model.Languages,
            Encoder = (audio.LayerCount, audio.Width, audio.HeadCount, audio.FeedForwardWidth, audio.ConvChannelCount),
            Decoder = (text.LayerCount, text.Width, text.HeadCount, text.KvHeadCount, text.FeedForwardWidth, text.VocabularySize),
        };
    }
}
