using System.Text.Json.Nodes;
using Steno.Benchmarks.Stages;

namespace Steno.Benchmarks.Tests.Stages;

public sealed class WorkModelTests
{
    // 11 s of audio with Qwen3-ASR-0.6B, counted by hand from its shapes: 11 chunks of 100 frames, 143 rows of audio, 158 of prompt.
    [Fact]
    public void Eleven_seconds_take_the_known_work_in_the_smaller_published_model()
    {
        using var directory = new TemporaryDirectory();
        WorkModel work = ModelOf(directory);

        const double Conv1 = 50.0 * 64 * 9 * 480, Conv2 = 25.0 * 32 * 9 * 480 * 480, Conv3 = 13.0 * 16 * 9 * 480 * 480, ConvOut = 13.0 * 16 * 480 * 896;
        Assert.Equal(2 * 11 * (Conv1 + Conv2 + Conv3 + ConvOut), work.StemFlops(1100), tolerance: 1);

        Assert.Equal(143, work.AudioRowCount(1100));
        const double EncoderLayer = 143.0 * ((4 * 896 * 896) + (2 * 896 * 3584)), WindowPairs = (104 * 104) + (39 * 39);
        const double Projection = 143.0 * ((896 * 896) + (896 * 1024));
        Assert.Equal(2 * ((18 * (EncoderLayer + (2 * WindowPairs * 896))) + Projection), work.EncoderFlops(1100, isWindowed: true), tolerance: 1);
        Assert.Equal(2 * ((18 * (EncoderLayer + (2 * 143.0 * 143 * 896))) + Projection), work.EncoderFlops(1100, isWindowed: false), tolerance: 1);

        const double Matrices = 1024.0 * ((2 * 2048) + (2 * 1024) + (3 * 3072)), Head = 1024.0 * 151936;
        Assert.Equal(2 * ((28 * ((158 * Matrices) + (2 * (158 * 159 / 2) * 2048.0))) + Head), work.DecoderFlops(0, 158), tolerance: 1);
        Assert.Equal(2 * ((28 * (Matrices + (2 * 201 * 2048.0))) + Head), work.DecoderFlops(200, 1), tolerance: 1);
    }

    [Fact]
    public void A_last_chunk_that_is_not_full_is_padded_in_the_convolutions_unless_it_is_the_only_one()
    {
        using var directory = new TemporaryDirectory();
        WorkModel work = ModelOf(directory);
        const double ConvOutRow = 2 * 16.0 * 480 * 896;

        Assert.Equal(work.StemFlops(200) - (13 * ConvOutRow), work.StemFlops(101) - ConvOutRow, tolerance: 1);
        Assert.True(work.StemFlops(50) < 0.6 * work.StemFlops(100));
    }

    [Fact]
    public void A_prompt_in_two_parts_takes_the_work_of_one_and_one_more_head()
    {
        using var directory = new TemporaryDirectory();
        WorkModel work = ModelOf(directory);
        Assert.Equal(work.DecoderFlops(0, 100) + (2 * 1024.0 * 151936), work.DecoderFlops(0, 60) + work.DecoderFlops(60, 40), tolerance: 1);
    }

    private static WorkModel ModelOf(TemporaryDirectory directory)
    {
        JsonNode root = JsonNode.Parse(File.ReadAllBytes(Repository.PathOf("models", "tiny-asr", "config.json")))!;
        JsonNode audio = root["thinker_config"]!["audio_config"]!;
        JsonNode text = root["thinker_config"]!["text_config"]!;
        Set(audio, ("d_model", 896), ("encoder_layers", 18), ("num_hidden_layers", 18), ("encoder_attention_heads", 14), ("encoder_ffn_dim", 3584), ("downsample_hidden_size", 480), ("output_dim", 1024));
        Set(text, ("vocab_size", 151936), ("hidden_size", 1024), ("intermediate_size", 3072), ("num_hidden_layers", 28), ("num_attention_heads", 16), ("num_key_value_heads", 8));
        directory.Write("config.json", root.ToJsonString());
        return WorkModel.Read(directory.Path);
    }

    private static void Set(JsonNode node, params ReadOnlySpan<(string Key, int Value)> values)
    {
        foreach ((string key, int value) in values) node[key] = value;
    }
}
