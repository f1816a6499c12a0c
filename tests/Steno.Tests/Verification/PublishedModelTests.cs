using Steno.Checkpoints;
using Steno.Model;
using Steno.Verification;

namespace Steno.Tests.Verification;

public sealed class PublishedModelTests
{
    private static readonly ModelConfig Tiny = ModelConfigReader.Read(Repository.PathOf("models", "tiny-asr"));

    [Theory]
    [InlineData(896, 18, 3584, 1024, 3072, "Qwen3-ASR-0.6B")]
    [InlineData(1024, 24, 4096, 2048, 6144, "Qwen3-ASR-1.7B")]
    [InlineData(1024, 24, 4096, 1024, 3072, null)]
    public void Models_are_known_by_their_dimensions(int width, int layerCount, int feedForward, int textWidth, int textFeedForward, string? name)
    {
        var config = Tiny with
        {
            Audio = Tiny.Audio with { Width = width, LayerCount = layerCount, FeedForwardWidth = feedForward, OutputWidth = textWidth },
            Text = Tiny.Text with { VocabularySize = 151936, LayerCount = 28, HeadCount = 16, KvHeadCount = 8, HeadWidth = 128, Width = textWidth, FeedForwardWidth = textFeedForward },
        };

        Assert.Equal(name, PublishedModel.Find(config)?.Name);
        Assert.Null(PublishedModel.Find(Tiny));
    }

    [Fact]
    public void Sums_stand_for_a_matrix()
    {
        EncoderSums sums = EncoderSums.Of([1, -3, 0.5f, 2, 0, 4], 2, 3);

        Assert.Equal((2, 3, 4.5, 30.25, 4.0), (sums.RowCount, sums.Width, sums.Sum, sums.SumOfSquares, sums.MaxAbsolute));
        Assert.Equal([1, -3, 0.5f, 2], sums.First);
    }

    [Fact]
    public void The_published_prompt_has_its_published_length()
    {
        Assert.Equal(158, PublishedFacts.Prompt(PublishedFacts.AudioTokenCount).Length);
        Assert.Equal(PublishedFacts.AudioTokenCount, Tiny.Audio.TokenCount(PublishedFacts.FrameCount));
    }

    [Fact]
    public void Texts_are_compared_by_their_words() =>
        Assert.Equal("and so my fellow americans ask", ModelVerifier.Words("And so, my fellow Americans: ask..."));

    [Fact]
    public void The_bundled_recording_has_the_published_length() =>
        Assert.Equal(176_000, Samples.Read(Repository.PathOf("samples", "speech", "jfk.wav")).Length);
}
