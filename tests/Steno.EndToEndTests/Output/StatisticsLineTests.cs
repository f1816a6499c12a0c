using Steno.Cli.Output;

namespace Steno.EndToEndTests.Output;

public sealed class StatisticsLineTests
{
    [Fact]
    public void Inference_shows_the_total_the_tokens_and_both_parts()
    {
        TranscriptTimings timings = Timings(audioMs: 11_000, totalMs: 812, encodingMs: 140, decodingMs: 672, tokenCount: 27);

        Assert.Equal(
            "Inference: 812 ms, 27 text tokens (33.25 tok/s, encoding: 140 ms, decoding: 672 ms)",
            StatisticsLine.Inference(timings));
    }

    [Fact]
    public void Audio_shows_how_much_faster_than_playing_it_was() =>
        Assert.Equal(
            "Audio: 11.0 s processed in 0.8 s (13.55x realtime)",
            StatisticsLine.Audio(Timings(audioMs: 11_000, totalMs: 812, encodingMs: 140, decodingMs: 672, tokenCount: 27)));

    [Fact]
    public void No_time_gives_no_rate_and_no_line_about_audio()
    {
        TranscriptTimings timings = Timings(audioMs: 1000, totalMs: 0, encodingMs: 0, decodingMs: 0, tokenCount: 0);

        Assert.Equal("Inference: 0 ms, 0 text tokens (0.00 tok/s, encoding: 0 ms, decoding: 0 ms)", StatisticsLine.Inference(timings));
        Assert.Null(StatisticsLine.Audio(timings));
        Assert.Null(StatisticsLine.Audio(timings with { Audio = TimeSpan.Zero, Total = TimeSpan.FromSeconds(1) }));
    }

    private static TranscriptTimings Timings(double audioMs, double totalMs, double encodingMs, double decodingMs, int tokenCount) => new()
    {
        Audio = TimeSpan.FromMilliseconds(audioMs),
        Total = TimeSpan.FromMilliseconds(totalMs),
        Encoding = TimeSpan.FromMilliseconds(encodingMs),
        Decoding = TimeSpan.FromMilliseconds(decodingMs),
        TimeToFirstToken = TimeSpan.FromMilliseconds(encodingMs),
        TextTokenCount = tokenCount,
    };
}
