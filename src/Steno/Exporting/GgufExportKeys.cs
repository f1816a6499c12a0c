using Steno.Dialects;
using Steno.Formats.Gguf;
using Steno.Model;
using Steno.Tokenization;

namespace Steno.Exporting;

/// <summary>Writes down the dimensions of a model under the keys of each dialect.</summary>
internal static class GgufExportKeys
{
    /// <summary>Positions that the position table of the audio tower is stored for.</summary>
    public const int PositionCount = 1500;

    private const float AudioNormEpsilon = 1e-5f;

    /// <summary>The dimensions and ids of a model in one file, as CrispASR names them.</summary>
    public static void AddCrispAsr(GgufWriter file, ModelConfig config, SpecialTokens tokens)
    {
        AudioEncoderConfig audio = config.Audio;
        TextDecoderConfig text = config.Text;
        GgufKeys keys = GgufKeys.CrispAsr;
        file.Add(GgufFileKinds.ArchitectureKey, "qwen3asr");
        foreach ((string key, int value) in keys.FrontEnd) file.Add(key, (uint)value);
        file.Add(keys.MelBinCount, (uint)audio.MelBinCount);
        file.Add(keys.Window!, (uint)audio.ChunkFrameCount / 2);
        file.Add(keys.WindowInfer!, (uint)audio.WindowFrameCount);
        file.Add(keys.AudioLayerCount, (uint)audio.LayerCount);
        file.Add(keys.AudioWidth, (uint)audio.Width);
        file.Add(keys.AudioHeadCount, (uint)audio.HeadCount);
        file.Add("qwen3asr.audio.head_dim", (uint)audio.HeadWidth);
        file.Add(keys.AudioFeedForwardWidth, (uint)audio.FeedForwardWidth);
        file.Add(keys.ConvChannelCount!, (uint)audio.ConvChannelCount);
        file.Add(keys.AudioOutputWidth!, (uint)audio.OutputWidth);
        file.Add("qwen3asr.audio.max_source_pos", (uint)PositionCount);
        AddTextDimensions(file, keys, text);
        file.Add(keys.VocabularySize!, (uint)text.VocabularySize);
        file.Add(keys.MaxPositionCount!, (uint)text.MaxPositionCount);
        file.Add(keys.AudioStartTokenId!, (uint)config.AudioStartTokenId);
        file.Add(keys.AudioEndTokenId!, (uint)config.AudioEndTokenId);
        file.Add(keys.AudioTokenId!, (uint)config.AudioTokenId);
        file.Add("qwen3asr.eos_token_id", (uint)tokens.ImEnd);
        file.Add("qwen3asr.pad_token_id", (uint)tokens.EndOfText);
    }

    /// <summary>The dimensions of a language model, and what its programs build prompts with, as llama.cpp names them.</summary>
    public static void AddLlamaText(GgufWriter file, TextDecoderConfig text, SpecialTokens tokens)
    {
        const string Architecture = "qwen3vl";
        GgufKeys keys = GgufKeys.LlamaCpp(Architecture);
        file.Add(GgufFileKinds.ArchitectureKey, Architecture);
        file.Add("general.type", "model");
        AddTextDimensions(file, keys, text);
        file.Add(keys.MaxPositionCount!, (uint)text.MaxPositionCount);
        file.Add($"{Architecture}.attention.value_length", (uint)text.HeadWidth);

        // Shares of the rotated pairs that follow time, height and width: 24, 20 and 20 for heads of 128.
        int pairCount = text.HeadWidth / 2;
        int spatial = pairCount * 5 / 16;
        file.Add($"{Architecture}.rope.dimension_sections", [pairCount - (2 * spatial), spatial, spatial, 0]);
        file.Add($"{Architecture}.n_deepstack_layers", 0u);

        // No prompt begins with it; llama.cpp's own converter names the end of a turn here too.
        file.Add("tokenizer.ggml.bos_token_id", (uint)tokens.ImEnd);
        file.Add(ChatTemplate.Key, ChatTemplate.ChatMl);
    }

    /// <summary>The dimensions of an audio tower, as llama.cpp names them.</summary>
    public static void AddLlamaAudio(GgufWriter file, AudioEncoderConfig audio)
    {
        GgufKeys keys = GgufKeys.LlamaCpp("qwen3vl");
        file.Add(GgufFileKinds.ArchitectureKey, "clip");
        file.Add("general.type", "mmproj");
        file.Add("clip.has_audio_encoder", value: true);
        file.Add("clip.has_vision_encoder", value: false);
        file.Add("clip.audio.projector_type", "qwen3a");
        file.Add(keys.AudioWidth, (uint)audio.Width);
        file.Add(keys.AudioFeedForwardWidth, (uint)audio.FeedForwardWidth);
        file.Add(keys.AudioLayerCount, (uint)audio.LayerCount);
        file.Add(keys.AudioHeadCount, (uint)audio.HeadCount);
        file.Add(keys.AudioNormEpsilon!, AudioNormEpsilon);
        file.Add(keys.MelBinCount, (uint)audio.MelBinCount);
        file.Add(keys.AudioOutputWidth!, (uint)audio.OutputWidth);
        file.Add(keys.Window!, (uint)audio.ChunkFrameCount / 2);
        file.Add(keys.WindowInfer!, (uint)audio.WindowFrameCount);
    }

    private static void AddTextDimensions(GgufWriter file, GgufKeys keys, TextDecoderConfig text)
    {
        file.Add(keys.TextLayerCount, (uint)text.LayerCount);
        file.Add(keys.TextWidth, (uint)text.Width);
        file.Add(keys.TextFeedForwardWidth, (uint)text.FeedForwardWidth);
        file.Add(keys.TextHeadCount, (uint)text.HeadCount);
        file.Add(keys.TextKvHeadCount, (uint)text.KvHeadCount);
        file.Add(keys.TextHeadWidth, (uint)text.HeadWidth);
        file.Add(keys.RmsNormEpsilon, text.RmsNormEpsilon);
        file.Add(keys.RopeTheta, (float)text.RopeTheta);
    }
}
