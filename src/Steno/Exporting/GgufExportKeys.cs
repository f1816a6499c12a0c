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
        GgufKeys keys = GgufKeys.CrispAsr;
        file.Add(GgufFileKinds.ArchitectureKey, GgufDialect.CrispAsr.Architecture);
        foreach (GgufConstant constant in keys.FrontEnd) constant.AddTo(file);
        AddAudioDimensions(file, keys, config.Audio);
        file.Add("qwen3asr.audio.head_dim", (uint)config.Audio.HeadWidth);
        file.Add("qwen3asr.audio.max_source_pos", (uint)PositionCount);
        AddWholeText(file, keys, config);
        file.Add("qwen3asr.eos_token_id", (uint)tokens.ImEnd);
        file.Add("qwen3asr.pad_token_id", (uint)tokens.EndOfText);
    }

    /// <summary>The dimensions and ids of a model in one file, as transcribe.cpp names them.</summary>
    public static void AddTranscribeCpp(GgufWriter file, ModelConfig config)
    {
        const int ChunkSeconds = 30;
        GgufKeys keys = GgufKeys.TranscribeCpp;
        file.Add(GgufFileKinds.ArchitectureKey, GgufDialect.TranscribeCpp.Architecture);
        file.Add("general.languages", LanguageCodes.Of(config.SupportedLanguages.Count > 0 ? config.SupportedLanguages : SupportedLanguages.Names));
        file.Add("stt.variant", VariantOf(config));
        file.Add("stt.capability.lang_detect", value: true);
        AddAudioDimensions(file, keys, config.Audio);
        file.Add("stt.qwen3_asr.encoder.max_source_positions", (uint)PositionCount);
        file.Add("stt.qwen3_asr.encoder.conv_chunksize", 500u);
        AddWholeText(file, keys, config);
        (int time, int height, int width) = RotarySections(config.Text);
        file.Add("stt.qwen3_asr.decoder.rope_mrope_section_t", (uint)time);
        file.Add("stt.qwen3_asr.decoder.rope_mrope_section_h", (uint)height);
        file.Add("stt.qwen3_asr.decoder.rope_mrope_section_w", (uint)width);
        foreach (GgufConstant constant in keys.Networks.Concat(keys.FrontEnd)) constant.AddTo(file);
        file.Add(keys.FrontEndMelBinCount!, (uint)config.Audio.MelBinCount);

        // What Whisper's feature extractor has; of no consequence for Qwen3-ASR.
        file.Add("stt.frontend.chunk_length", (uint)ChunkSeconds);
        file.Add("stt.frontend.n_samples", ChunkSeconds * 16000u);
        file.Add("stt.frontend.nb_max_frames", ChunkSeconds * 100u);
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

        (int time, int height, int width) = RotarySections(text);
        file.Add($"{Architecture}.rope.dimension_sections", [time, height, width, 0]);
        file.Add($"{Architecture}.n_deepstack_layers", 0u);

        // No prompt begins with it; llama.cpp's own converter names the end of a turn here too.
        file.Add("tokenizer.ggml.bos_token_id", (uint)tokens.ImEnd);
        file.Add(ChatTemplate.Key, ChatTemplate.ChatMl);
    }

    /// <summary>The dimensions of an audio tower, as llama.cpp names them.</summary>
    public static void AddLlamaAudio(GgufWriter file, AudioEncoderConfig audio)
    {
        GgufKeys keys = GgufKeys.LlamaCpp("qwen3vl");
        file.Add(GgufFileKinds.ArchitectureKey, GgufFileKinds.TowerArchitecture);
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

    private static void AddAudioDimensions(GgufWriter file, GgufKeys keys, AudioEncoderConfig audio)
    {
        file.Add(keys.MelBinCount, (uint)audio.MelBinCount);
        file.Add(keys.Window!, (uint)audio.ChunkFrameCount / 2);
        file.Add(keys.WindowInfer!, (uint)audio.WindowFrameCount);
        file.Add(keys.AudioLayerCount, (uint)audio.LayerCount);
        file.Add(keys.AudioWidth, (uint)audio.Width);
        file.Add(keys.AudioHeadCount, (uint)audio.HeadCount);
        file.Add(keys.AudioFeedForwardWidth, (uint)audio.FeedForwardWidth);
        file.Add(keys.ConvChannelCount!, (uint)audio.ConvChannelCount);
        file.Add(keys.AudioOutputWidth!, (uint)audio.OutputWidth);
    }

    private static void AddWholeText(GgufWriter file, GgufKeys keys, ModelConfig config)
    {
        AddTextDimensions(file, keys, config.Text);
        file.Add(keys.VocabularySize!, (uint)config.Text.VocabularySize);
        file.Add(keys.MaxPositionCount!, (uint)config.Text.MaxPositionCount);
        file.Add(keys.AudioStartTokenId!, (uint)config.AudioStartTokenId);
        file.Add(keys.AudioEndTokenId!, (uint)config.AudioEndTokenId);
        file.Add(keys.AudioTokenId!, (uint)config.AudioTokenId);
    }

    // Shares of the rotated pairs that follow time, height and width: 24, 20 and 20 for heads of 128.
    private static (int Time, int Height, int Width) RotarySections(TextDecoderConfig text)
    {
        int pairCount = text.HeadWidth / 2;
        int spatial = pairCount * 5 / 16;
        return (pairCount - (2 * spatial), spatial, spatial);
    }

    private static string VariantOf(ModelConfig config) => (config.Text.Width, config.Text.LayerCount) switch
    {
        (1024, 28) => "qwen3-asr-0.6b",
        (2048, 28) => "qwen3-asr-1.7b",
        _ => "qwen3-asr",
    };

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
