using System.Runtime.InteropServices;
using Steno.Audio;
using Steno.Tests.Audio;

namespace Steno.Tests.Speech;

public sealed class VoiceActivityTests
{
    private static readonly string Jfk = Repository.PathOf("samples", "speech", "jfk.wav");

    [Theory]
    [InlineData(VoiceActivityMethod.Silero)]
    [InlineData(VoiceActivityMethod.Energy)]
    public async Task File_stream_and_samples_have_the_same_spans(VoiceActivityMethod method)
    {
        var options = new VoiceActivityOptions { Method = method };
        IReadOnlyList<SpeechSpan> expected = VoiceActivity.Detect(Samples.Read(Jfk), options);
        using var stream = new MemoryStream(await File.ReadAllBytesAsync(Jfk));

        Assert.True(expected.Count >= 3);
        Assert.Equal(expected, await List(VoiceActivity.DetectAsync(Jfk, options)));
        Assert.Equal(expected, await List(VoiceActivity.DetectAsync(stream, options: options)));
        Assert.True(stream.CanRead);
    }

    [Theory]
    [InlineData(48_000, 2)]
    [InlineData(44_100, 1)]
    public async Task Another_rate_moves_no_edge_by_more_than_two_frames(int rate, int channels)
    {
        float[] samples = await Resampled(Samples.Read(Jfk), rate);
        float[] frames = [.. samples.SelectMany(sample => Enumerable.Repeat(sample, channels))];
        byte[] wav = new WavBuilder().Format(tag: 3, channels, (uint)rate, bits: 32).Chunk("data", MemoryMarshal.AsBytes<float>(frames)).Build();
        var options = new VoiceActivityOptions { MinSilence = TimeSpan.FromMilliseconds(300) };
        IReadOnlyList<SpeechSpan> expected = VoiceActivity.Detect(Samples.Read(Jfk), options);

        List<SpeechSpan> actual = await List(VoiceActivity.DetectAsync(new MemoryStream(wav), options: options));

        Assert.Equal(expected.Count, actual.Count);
        Assert.All(expected.Zip(actual), pair =>
        {
            Assert.InRange((pair.First.Start - pair.Second.Start).TotalMilliseconds, -65, 65);
            Assert.InRange((pair.First.End - pair.Second.End).TotalMilliseconds, -65, 65);
        });
    }

    [Fact]
    public void Values_outside_their_range_are_refused_at_the_call()
    {
        var options = new VoiceActivityOptions();
        foreach (VoiceActivityOptions wrong in new[]
        {
            options with { Threshold = 0.04 }, options with { Threshold = double.NaN }, options with { MinSpeech = TimeSpan.FromSeconds(-1) }, options with { MinSilence = TimeSpan.FromSeconds(6) },
            options with { Padding = TimeSpan.FromSeconds(1.1) }, options with { MaxSpeech = TimeSpan.FromSeconds(4) }, options with { Method = (VoiceActivityMethod)9 },
        })
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => VoiceActivity.DetectAsync("none.wav", wrong));
            Assert.Throws<ArgumentOutOfRangeException>(() => VoiceActivity.Detect([], wrong));
        }
    }

    [Fact]
    public async Task No_audio_at_all_is_a_fault() => await Assert.ThrowsAsync<AudioFormatException>(() => List(VoiceActivity.DetectAsync(new MemoryStream(), AudioEncoding.Pcm16)));

    [Fact]
    public async Task A_cancelled_search_stops()
    {
        using var source = new CancellationTokenSource();
        IAsyncEnumerator<SpeechSpan> spans = VoiceActivity.DetectAsync(Jfk, cancellationToken: source.Token).GetAsyncEnumerator();
        Assert.True(await spans.MoveNextAsync());
        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            while (await spans.MoveNextAsync()) continue;
        });
        await spans.DisposeAsync();
    }

    private static async Task<List<SpeechSpan>> List(IAsyncEnumerable<SpeechSpan> spans)
    {
        var list = new List<SpeechSpan>();
        await foreach (SpeechSpan span in spans) list.Add(span);
        return list;
    }

    private static async Task<float[]> Resampled(float[] samples, int rate)
    {
        using var resampler = new Resampler(new MemorySampleReader(samples), rate);
        var result = new List<float>();
        float[] block = new float[4096];
        while (await resampler.ReadAsync(block, CancellationToken.None) is > 0 and int count) result.AddRange(block.AsSpan(0, count));
        return [.. result];
    }
}
