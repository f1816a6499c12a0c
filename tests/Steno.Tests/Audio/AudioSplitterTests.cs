using Steno.Audio;

namespace Steno.Tests.Audio;

public sealed class AudioSplitterTests
{
    private const int SecondSamples = 16_000;

    [Fact]
    public async Task Audio_up_to_the_longest_clip_stays_whole()
    {
        float[] samples = Noise(20 * SecondSamples);
        List<(long Start, float[] Samples)> clips = await Split(samples, 20 * SecondSamples);

        Assert.Equal(samples, Assert.Single(clips).Samples);
    }

    [Fact]
    public async Task Longer_audio_is_cut_at_the_quietest_sample_of_the_quietest_stretch()
    {
        float[] samples = Noise(40 * SecondSamples);
        int quiet = 17 * SecondSamples;
        for (int i = quiet; i < quiet + 1600; i++) samples[i] *= 0.01f;
        samples[quiet + 777] = 0;

        List<(long Start, float[] Samples)> clips = await Split(samples, 20 * SecondSamples);

        Assert.Equal(quiet + 777, clips[1].Start);
    }

    [Theory]
    [InlineData(7)]
    [InlineData(1000)]
    [InlineData(50_000)]
    public async Task Clips_follow_each_other_and_give_the_audio_back(int readLength)
    {
        float[] samples = Noise(61 * SecondSamples);
        List<(long Start, float[] Samples)> clips = await Split(samples, 12 * SecondSamples, readLength);

        long position = 0;
        foreach ((long start, float[] clip) in clips)
        {
            Assert.Equal(position, start);
            Assert.InRange(clip.Length, 1, 17 * SecondSamples);
            position += clip.Length;
        }

        Assert.Equal(samples, clips.SelectMany(clip => clip.Samples));
    }

    [Fact]
    public void Where_all_is_equally_quiet_the_first_place_wins() =>
        Assert.Equal(15 * SecondSamples, AudioSplitter.FindCut(new float[30 * SecondSamples], 20 * SecondSamples));

    [Fact]
    public async Task No_audio_is_no_clip() => Assert.Empty(await Split([], SecondSamples));

    private static float[] Noise(int count)
    {
        var random = new Random(11);
        return [.. Enumerable.Range(0, count).Select(_ => (float)((random.NextDouble() * 1.8) - 0.9))];
    }

    private static async Task<List<(long Start, float[] Samples)>> Split(float[] samples, int maxClipSamples, int readLength = 4096)
    {
        using var reader = new ShortReads(samples, readLength);
        var splitter = new AudioSplitter(reader, maxClipSamples);
        var clips = new List<(long, float[])>();
        while (await splitter.NextAsync(CancellationToken.None) is { IsEmpty: false } clip)
            clips.Add((splitter.ClipStart, clip.ToArray()));
        return clips;
    }

    private sealed class ShortReads(float[] samples, int readLength) : SampleReader
    {
        private int _position;

        public override int SampleRateHz => SecondSamples;

        public override ValueTask<int> ReadAsync(Memory<float> destination, CancellationToken cancellationToken)
        {
            int count = Math.Min(Math.Min(readLength, destination.Length), samples.Length - _position);
            samples.AsSpan(_position, count).CopyTo(destination.Span);
            _position += count;
            return ValueTask.FromResult(count);
        }

        protected override void Dispose(bool disposing)
        {
        }
    }
}
