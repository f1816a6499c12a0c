using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Steno.Checkpoints;
using Steno.Formats;
using Steno.Model;

namespace Steno.Tests.Checkpoints;

public sealed class ModelConfigReaderTests
{
    private const string Audio = "thinker_config.audio_config.";
    private const string Text = "thinker_config.text_config.";

    [Fact]
    public void Every_dimension_of_a_checkpoint_is_read()
    {
        ModelConfig config = ModelConfigReader.Read(Repository.PathOf("tests", "data", "models", "random-small"));

        var audio = new AudioEncoderConfig
        {
            Width = 192,
            LayerCount = 3,
            HeadCount = 3,
            FeedForwardWidth = 352,
            MelBinCount = 128,
            ConvChannelCount = 24,
            OutputWidth = 320,
            ChunkFrameCount = 100,
            WindowFrameCount = 800,
        };
        var text = new TextDecoderConfig
        {
            VocabularySize = 1012,
            Width = 320,
            FeedForwardWidth = 416,
            LayerCount = 3,
            HeadCount = 6,
            KvHeadCount = 2,
            HeadWidth = 64,
            RmsNormEpsilon = 1e-6f,
            RopeTheta = 1e6,
            MaxPositionCount = 65536,
            HasTiedHead = true,
        };
        Assert.Equal(audio, config.Audio);
        Assert.Equal(text, config.Text);
        Assert.Equal((1009, 1007, 1008), (config.AudioTokenId, config.AudioStartTokenId, config.AudioEndTokenId));
        Assert.Equal(30, config.SupportedLanguages.Count);
        Assert.Equal(["Chinese", "English", "Cantonese"], config.SupportedLanguages.Take(3));
    }

    [Fact]
    public void The_flat_form_says_the_same_as_the_original()
    {
        ModelConfig original = Read(TinyCheckpoint.ReadConfig());
        ModelConfig flat = Read(TinyCheckpoint.ReadFlatConfig());

        Assert.Equal(original.Audio, flat.Audio);
        Assert.Equal(original.Text, flat.Text);
        Assert.Equal((original.AudioTokenId, original.AudioStartTokenId, original.AudioEndTokenId), (flat.AudioTokenId, flat.AudioStartTokenId, flat.AudioEndTokenId));
        Assert.Empty(flat.SupportedLanguages);
    }

    // The values of the released 0.6B model as its flat repository states them; that form names neither audio_start_token_id nor audio_end_token_id.
    [Fact]
    public void The_flat_form_of_the_released_model_falls_back_to_the_usual_token_ids()
    {
        ModelConfig config = Read(JsonNode.Parse("""
            {"architectures":["Qwen3ASRForConditionalGeneration"],"model_type":"qwen3_asr","audio_token_id":151676,"dtype":"bfloat16","eos_token_id":[151643,151645],"pad_token_id":151645,
             "audio_config":{"activation_function":"gelu","conv_chunksize":500,"d_model":896,"downsample_hidden_size":480,"encoder_attention_heads":14,"encoder_ffn_dim":3584,"encoder_layers":18,
              "max_position_embeddings":13,"model_type":"qwen3_asr_encoder","n_window":50,"n_window_infer":800,"num_key_value_heads":14,"num_mel_bins":128,"output_dim":1024,"scale_embedding":false},
             "text_config":{"attention_bias":false,"bos_token_id":null,"head_dim":128,"hidden_act":"silu","hidden_size":1024,"intermediate_size":3072,"max_position_embeddings":65536,"max_window_layers":28,
              "model_type":"qwen3","num_attention_heads":16,"num_hidden_layers":28,"num_key_value_heads":8,"rms_norm_eps":1e-06,"rope_parameters":{"rope_theta":1000000,"rope_type":"default"},
              "sliding_window":null,"use_sliding_window":false,"vocab_size":151936},
             "tie_word_embeddings":true,"timestamp_token_id":151705,"transformers_version":"5.13.0.dev0"}
            """)!.AsObject());

        Assert.Equal((151676, 151669, 151670), (config.AudioTokenId, config.AudioStartTokenId, config.AudioEndTokenId));
        Assert.Equal((18, 896, 14, 64), (config.Audio.LayerCount, config.Audio.Width, config.Audio.HeadCount, config.Audio.HeadWidth));
        Assert.Equal((28, 1024, 16, 8, 128, 151936), (config.Text.LayerCount, config.Text.Width, config.Text.HeadCount, config.Text.KvHeadCount, config.Text.HeadWidth, config.Text.VocabularySize));
        Assert.Equal(1e6, config.Text.RopeTheta);
        Assert.True(config.Text.HasTiedHead);
    }

    [Theory]
    [InlineData("thinker_config.audio_config", "an object")]
    [InlineData("thinker_config.text_config", "an object")]
    [InlineData("thinker_config.audio_token_id", "a whole number from 0 to 1122")]
    [InlineData(Audio + "d_model", "a whole number from 4 to 32768")]
    [InlineData(Audio + "encoder_attention_heads", "a whole number from 1 to 512")]
    [InlineData(Audio + "encoder_ffn_dim", "a whole number from 1 to 131072")]
    [InlineData(Audio + "num_mel_bins", "a whole number from 1 to 1024")]
    [InlineData(Audio + "downsample_hidden_size", "a whole number from 1 to 8192")]
    [InlineData(Audio + "output_dim", "a whole number from 1 to 32768")]
    [InlineData(Audio + "n_window", "a whole number from 1 to 4096")]
    [InlineData(Audio + "n_window_infer", "a whole number from 1 to 131072")]
    [InlineData(Text + "vocab_size", "a whole number from 1 to 2097152")]
    [InlineData(Text + "hidden_size", "a whole number from 1 to 32768")]
    [InlineData(Text + "intermediate_size", "a whole number from 1 to 131072")]
    [InlineData(Text + "num_hidden_layers", "a whole number from 1 to 512")]
    [InlineData(Text + "num_attention_heads", "a whole number from 1 to 512")]
    [InlineData(Text + "num_key_value_heads", "a whole number from 1 to 512")]
    [InlineData(Text + "head_dim", "a whole number from 2 to 1024")]
    [InlineData(Text + "max_position_embeddings", "a whole number from 1 to 4194304")]
    [InlineData(Text + "rms_norm_eps", "a number from 1E-12 to 0.1")]
    [InlineData(Text + "rope_theta", "a number from 1 to 1000000000000")]
    [InlineData(Text + "tie_word_embeddings", "true or false")]
    public void A_missing_value_is_named_and_never_guessed(string path, string expected)
    {
        JsonObject config = TinyCheckpoint.ReadConfig();
        Remove(config, path);
        AssertFault(config, $"config.json: {path} is missing; expected {expected}; found nothing.");

        config = TinyCheckpoint.ReadConfig();
        Set(config, path, "null");
        AssertFault(config, $"config.json: {path} is missing; expected {expected}; found nothing.");
    }

    [Fact]
    public void The_encoder_layer_count_may_stand_under_either_name_but_not_nowhere()
    {
        JsonObject config = TinyCheckpoint.ReadConfig();
        Remove(config, Audio + "encoder_layers");
        Assert.Equal(4, Read(config).Audio.LayerCount);

        Remove(config, Audio + "num_hidden_layers");
        AssertFault(config, "config.json: thinker_config.audio_config.encoder_layers is missing; expected a whole number from 1 to 512; found nothing.");
    }

    [Theory]
    [InlineData("thinker_config", "7", "thinker_config cannot be used; expected an object; found 7.")]
    [InlineData("thinker_config.text_config", "[1,2]", "thinker_config.text_config cannot be used; expected an object; found a list of 2.")]
    [InlineData("thinker_config.audio_token_id", "1123", "thinker_config.audio_token_id cannot be used; expected a whole number from 0 to 1122; found 1123.")]
    [InlineData("thinker_config.audio_start_token_id", "-1", "thinker_config.audio_start_token_id cannot be used; expected a whole number from 0 to 1122; found -1.")]
    [InlineData("thinker_config.audio_end_token_id", "1120", "thinker_config.audio_token_id is not different from audio_start_token_id and audio_end_token_id, nor they from each other; expected three different numbers; found 1120, 1118 and 1120.")]
    [InlineData(Audio + "d_model", "0", Audio + "d_model cannot be used; expected a whole number from 4 to 32768; found 0.")]
    [InlineData(Audio + "d_model", "-128", Audio + "d_model cannot be used; expected a whole number from 4 to 32768; found -128.")]
    [InlineData(Audio + "d_model", "32770", Audio + "d_model cannot be used; expected a whole number from 4 to 32768; found 32770.")]
    [InlineData(Audio + "d_model", "99999999999999999999999", Audio + "d_model cannot be used; expected a whole number from 4 to 32768; found 99999999999999999999999.")]
    [InlineData(Audio + "d_model", "128.5", Audio + "d_model cannot be used; expected a whole number from 4 to 32768; found 128.5.")]
    [InlineData(Audio + "d_model", "\"128\"", Audio + "d_model cannot be used; expected a whole number from 4 to 32768; found \"128\".")]
    [InlineData(Audio + "d_model", "129", Audio + "d_model is not divisible by the number of heads; expected a multiple of 2; found 129.")]
    [InlineData(Audio + "encoder_attention_heads", "3", Audio + "d_model is not divisible by the number of heads; expected a multiple of 3; found 128.")]
    [InlineData(Audio + "num_attention_heads", "4", Audio + "encoder_attention_heads contradicts " + Audio + "num_attention_heads; expected 4; found 2.")]
    [InlineData(Audio + "num_hidden_layers", "5", Audio + "encoder_layers contradicts " + Audio + "num_hidden_layers; expected 5; found 4.")]
    [InlineData(Audio + "n_window_infer", "750", Audio + "n_window_infer does not hold whole chunks of 2 * n_window frames; expected a multiple of 100; found 750.")]
    [InlineData(Audio + "n_window_infer", "50", Audio + "n_window_infer does not hold whole chunks of 2 * n_window frames; expected a multiple of 100; found 50.")]
    [InlineData(Audio + "output_dim", "256", Audio + "output_dim contradicts text_config.hidden_size; expected 128; found 256.")]
    [InlineData(Text + "num_key_value_heads", "3", Text + "num_attention_heads is not divisible by num_key_value_heads; expected a multiple of 3; found 2.")]
    [InlineData(Text + "head_dim", "63", Text + "head_dim is odd, but rotary embeddings turn pairs; expected an even number; found 63.")]
    [InlineData(Text + "vocab_size", "2147483647", Text + "vocab_size cannot be used; expected a whole number from 1 to 2097152; found 2147483647.")]
    [InlineData(Text + "rms_norm_eps", "0", Text + "rms_norm_eps cannot be used; expected a number from 1E-12 to 0.1; found 0.")]
    [InlineData(Text + "rms_norm_eps", "1e999", Text + "rms_norm_eps cannot be used; expected a number from 1E-12 to 0.1; found 1e999.")]
    [InlineData(Text + "rope_theta", "true", Text + "rope_theta cannot be used; expected a number from 1 to 1000000000000; found true.")]
    [InlineData(Text + "tie_word_embeddings", "1", Text + "tie_word_embeddings cannot be used; expected true or false; found 1.")]
    [InlineData(Text + "hidden_act", "5", Text + "hidden_act cannot be used; expected a text; found 5.")]
    [InlineData("support_languages", "\"all\"", "support_languages cannot be used; expected a list of at most 1000 texts; found \"all\".")]
    [InlineData("support_languages", "[\"\"]", "support_languages cannot be used; expected texts of 1 to 64 characters; found \"\".")]
    [InlineData("support_languages", "[7]", "support_languages cannot be used; expected a text; found 7.")]
    public void A_value_that_cannot_be_is_named_with_what_would_be_right(string path, string value, string expected)
    {
        JsonObject config = TinyCheckpoint.ReadConfig();
        Set(config, path, value);

        AssertFault(config, "config.json: " + expected);
    }

    [Theory]
    [InlineData("\"support_languages\": [", "\"support_languages\": [\"\\ud800\",", "support_languages cannot be used; expected a text without unpaired surrogates; found \"\\ud800\".")]
    [InlineData("\"support_languages\": [", "\"support_language\\udc00\": [", "the file is not valid JSON")]
    public void Unpaired_surrogates_are_refused(string original, string replacement, string expected)
    {
        string text = File.ReadAllText(Path.Combine(TinyCheckpoint.Directory, "config.json")).Replace(original, replacement, StringComparison.Ordinal);

        void Read()
        {
            using JsonDocument document = JsonFile.ParseObject(Encoding.UTF8.GetBytes(text), "config.json");
            ModelConfigReader.Read(document, "config.json");
        }

        Assert.StartsWith("config.json: " + expected, Assert.Throws<ModelFormatException>(Read).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_odd_encoder_width_is_refused()
    {
        JsonObject config = TinyCheckpoint.ReadConfig();
        Set(config, Audio + "d_model", "129");
        Set(config, Audio + "encoder_attention_heads", "3");

        AssertFault(config, $"config.json: {Audio}d_model is odd, but positions are pairs of sine and cosine; expected an even number; found 129.");
    }

    [Fact]
    public void A_small_vocabulary_cannot_fall_back_to_the_usual_token_ids()
    {
        JsonObject config = TinyCheckpoint.ReadFlatConfig();
        Remove(config, "audio_start_token_id");

        AssertFault(config, "config.json: audio_start_token_id is missing, and its usual value 151669 is outside the vocabulary; expected a whole number from 0 to 1122; found nothing.");
    }

    [Theory]
    [InlineData("model_type", "\"whisper\"", "config.json: Steno runs Qwen3-ASR models (model_type \"qwen3_asr\"); this is another model: found model_type \"whisper\".")]
    [InlineData("model_type", "null", "config.json: Steno runs Qwen3-ASR models (model_type \"qwen3_asr\"); this is another model: found no model_type.")]
    [InlineData(Audio + "activation_function", "\"relu\"", "config.json: Steno does not run this variant of Qwen3-ASR: thinker_config.audio_config.activation_function is \"relu\", supported is \"gelu\".")]
    [InlineData(Audio + "scale_embedding", "true", "config.json: Steno does not run this variant of Qwen3-ASR: thinker_config.audio_config.scale_embedding is true, supported is false.")]
    [InlineData(Audio + "num_key_value_heads", "1", "config.json: Steno does not run this variant of Qwen3-ASR: thinker_config.audio_config.num_key_value_heads is 1, supported is as many as attention heads.")]
    [InlineData(Text + "hidden_act", "\"gelu\"", "config.json: Steno does not run this variant of Qwen3-ASR: thinker_config.text_config.hidden_act is \"gelu\", supported is \"silu\".")]
    [InlineData(Text + "attention_bias", "true", "config.json: Steno does not run this variant of Qwen3-ASR: thinker_config.text_config.attention_bias is true, supported is false.")]
    [InlineData(Text + "use_sliding_window", "true", "config.json: Steno does not run this variant of Qwen3-ASR: thinker_config.text_config.use_sliding_window is true, supported is false.")]
    [InlineData(Text + "rope_scaling", "{\"rope_type\":\"yarn\",\"factor\":4}", "config.json: Steno does not run this variant of Qwen3-ASR: thinker_config.text_config.rope_scaling.rope_type is \"yarn\", supported is \"default\".")]
    [InlineData(Text + "rope_scaling", "{\"type\":\"linear\"}", "config.json: Steno does not run this variant of Qwen3-ASR: thinker_config.text_config.rope_scaling.type is \"linear\", supported is \"default\".")]
    public void A_model_that_is_not_supported_is_told_from_a_broken_one(string path, string value, string expected)
    {
        JsonObject config = TinyCheckpoint.ReadConfig();
        Set(config, path, value);

        Assert.Equal(expected, Assert.Throws<UnsupportedModelException>(() => Read(config)).Message);
    }

    [Theory]
    [InlineData("thinker_config.model_type", "\"qwen3_forced_aligner\"")]
    [InlineData("thinker_config.classify_num", "5000")]
    [InlineData("architectures", "[\"Qwen3ASRForTokenClassification\"]")]
    public void A_forced_aligner_is_recognised(string path, string value)
    {
        JsonObject config = TinyCheckpoint.ReadConfig();
        Set(config, path, value);

        Assert.StartsWith("config.json: this is a Qwen3 forced aligner, ", Assert.Throws<UnsupportedModelException>(() => Read(config)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_without_meaning_for_inference_are_ignored()
    {
        JsonObject config = TinyCheckpoint.ReadConfig();
        Set(config, "temperature", "1.0");
        Set(config, Text + "top_k", "50");
        Set(config, Audio + "max_source_positions", "1");
        foreach (string path in new[] { "architectures", Text + "hidden_act", Text + "rope_scaling", Text + "attention_bias", Audio + "activation_function", Audio + "scale_embedding" }) Remove(config, path);

        Assert.Equal(TinyConfig(), Read(config).Text);

        static TextDecoderConfig TinyConfig() => Read(TinyCheckpoint.ReadConfig()).Text;
    }

    [Fact]
    public void Damaged_text_gives_only_documented_exceptions()
    {
        const int MutantCount = 3000;
        byte[] original = File.ReadAllBytes(Path.Combine(TinyCheckpoint.Directory, "config.json"));
        var random = new Random(20250131);
        int acceptedCount = 0;
        for (int i = 0; i < MutantCount; i++)
        {
            byte[] mutant = [.. original];
            for (int change = random.Next(1, 4); change > 0; change--) mutant[random.Next(mutant.Length)] = (byte)(random.Next(3) == 0 ? random.Next(256) : "0123456789-.eE\"\\u[]{},:tfn"[random.Next(26)]);
            if (random.Next(8) == 0) mutant = mutant[..random.Next(mutant.Length)];
            try
            {
                using JsonDocument document = JsonFile.ParseObject(mutant, "config.json");
                ModelConfigReader.Read(document, "config.json");
                acceptedCount++;
            }
            catch (StenoException fault)
            {
                Assert.DoesNotContain(fault.Message, char.IsControl);
            }
        }

        Assert.InRange(acceptedCount, MutantCount / 20, MutantCount * 19 / 20);
    }

    private static ModelConfig Read(JsonObject config)
    {
        using JsonDocument document = JsonFile.ParseObject(Encoding.UTF8.GetBytes(config.ToJsonString()), "config.json");
        return ModelConfigReader.Read(document, "config.json");
    }

    private static void AssertFault(JsonObject config, string message) => Assert.Equal(message, Assert.Throws<ModelFormatException>(() => Read(config)).Message);

    private static void Remove(JsonObject config, string path) => Parent(config, path).Remove(path[(path.LastIndexOf('.') + 1)..]);

    private static void Set(JsonObject config, string path, string json) => Parent(config, path)[path[(path.LastIndexOf('.') + 1)..]] = JsonNode.Parse(json);

    private static JsonObject Parent(JsonObject config, string path)
    {
        foreach (string key in path.Split('.')[..^1]) config = config[key]!.AsObject();
        return config;
    }
}
