using Steno.Kernels;
using Steno.Loading;
using Steno.Model;

namespace Steno.Tests.Model;

public sealed class WeightPolicyTests
{
    public static TheoryData<WeightPrecision, string, string, string> Formats => new()
    {
        { WeightPrecision.Auto, "BF16", "BF16", "BF16" },
        { WeightPrecision.Stored, "BF16", "BF16", "BF16" },
        { WeightPrecision.Float32, "F32", "F32", "F32" },
        { WeightPrecision.Q8, "Q8", "Q8", "Q8" },
        { WeightPrecision.Q4, "Q8", "Q4", "Q6" },
    };

    [Theory, MemberData(nameof(Formats))]
    public void The_audio_tower_the_layers_and_the_head_have_each_their_format(WeightPrecision precision, string audio, string layers, string head)
    {
        using LoadedModel model = GoldenModelTests.Load("tiny-asr", precision);
        AudioEncoderWeights tower = model.Weights.Audio;
        foreach (PackedMatrix matrix in new[] { tower.Convolutions[1].Weight, tower.ConvOut, tower.Layers[0].QueryKeyValue.Weight, tower.Layers[3].Fc2.Weight, tower.Proj2.Weight })
            Assert.Equal(audio, matrix.Format.ToString());
        foreach (TextDecoderLayerWeights layer in model.Weights.Text.Layers)
            Assert.All([layer.QueryKeyValue, layer.OProj, layer.GateUp, layer.DownProj], matrix => Assert.Equal(layers, matrix.Format.ToString()));
        Assert.Equal(head, model.Weights.Text.LmHead.Format.ToString());
        Assert.Equal(head, model.Weights.Text.EmbedTokens.Format.ToString());
    }

    [Fact]
    public void A_convolution_of_nine_columns_is_not_quantised()
    {
        using LoadedModel model = GoldenModelTests.Load("tiny-asr", WeightPrecision.Q4);
        Assert.Equal(WeightFormat.BF16, model.Weights.Audio.Convolutions[0].Weight.Format);
    }

    [Fact]
    public void A_large_model_is_held_in_eight_bits_unless_it_is_told_otherwise()
    {
        using LoadedModel model = GoldenModelTests.Load("tiny-asr", WeightPrecision.Auto);
        TextDecoderConfig small = model.Config.Text;
        TextDecoderConfig large = small with { Width = 1024, LayerCount = 28, FeedForwardWidth = 3072, HeadCount = 16, KvHeadCount = 8, HeadWidth = 128, VocabularySize = 151936 };
        Assert.Equal(595_984_384, large.MatrixWeightCount);
        Assert.Equal(new WeightPolicy(null, null, KeepsQuantized: true), WeightPolicy.Text(WeightPrecision.Auto, small));
        Assert.Equal(new WeightPolicy(WeightFormat.Q8, WeightFormat.Q8, KeepsQuantized: true), WeightPolicy.Text(WeightPrecision.Auto, large));
        Assert.Equal(new WeightPolicy(null, null, KeepsQuantized: false), WeightPolicy.Text(WeightPrecision.Stored, large));
    }

    [Theory]
    [InlineData(WeightPrecision.Q8)]
    [InlineData(WeightPrecision.Auto)]
    public async Task Every_bundled_recording_has_the_text_of_the_exact_weights(WeightPrecision precision)
    {
        using AsrModel exact = AsrModel.Load(AsrModel.BuiltInName, new AsrModelOptions { Weights = WeightPrecision.Stored });
        using AsrModel other = AsrModel.Load(AsrModel.BuiltInName, new AsrModelOptions { Weights = precision });
        string[] recordings = Directory.GetFiles(Repository.PathOf("samples", "audio"), "*.wav");
        Assert.NotEmpty(recordings);
        foreach (string recording in recordings)
        {
            Transcript expected = await exact.TranscribeAsync(recording);
            Assert.Equal(expected.Text, (await other.TranscribeAsync(recording)).Text);
        }
    }
}
