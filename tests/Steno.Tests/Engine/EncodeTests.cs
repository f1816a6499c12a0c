using Steno.Audio;
using Steno.Clips;
using Steno.Engine;

namespace Steno.Tests.Engine;

public sealed class EncodeTests
{
    [Theory]
    [InlineData(AttentionMode.Windowed)]
    [InlineData(AttentionMode.Full)]
    public void Windows_have_the_same_bits_alone_and_beside_those_of_other_clips(AttentionMode attention)
    {
        using var clips = new EngineClips();
        float[] speech = Samples.Read(Samples.AudioPath("english-3"));
        float[][] audio = [speech, [.. speech, .. speech, .. speech, .. speech, .. speech, .. speech], speech[..9000], speech[..24000]];
        float[][] alone = [.. audio.Select(samples => Encode(clips, attention, new StepLimits(), samples)[0])];

        foreach (int rows in new[] { 1, 104, 150, 400, 5000 })
        {
            var limits = new StepLimits { EncodeRows = rows, SharedEncodeRows = rows };
            Assert.Equal(alone, Encode(clips, attention, limits, audio));
        }
    }

    [Fact]
    public void Clips_take_turns_and_short_ones_share_a_call()
    {
        using var clips = new EngineClips();
        var calls = new List<int>();
        using StepEngine engine = clips.CreateEngine(limits: new StepLimits { SharedEncodeRows = 104 }, wrap: inner => new ScriptedBackend(inner) { BeforeEncode = calls.Add });
        float[] speech = Samples.Read(Samples.AudioPath("english-3"));
        EncodeJob longer = Job(clips, AttentionMode.Windowed, new float[16_000 * 60].Select((_, i) => speech[i % speech.Length]).ToArray());
        EncodeJob[] shorter = [.. Enumerable.Range(0, 4).Select(_ => Job(clips, AttentionMode.Windowed, speech[..16_000]))];
        engine.Add(longer);
        foreach (EncodeJob job in shorter) engine.Add(job);
        while (!shorter[^1].Completion.IsCompleted) engine.Step();

        Assert.Equal([1, 1, 4], calls);
        Assert.False(longer.Completion.IsCompleted);
        StepEngineTests.RunToEnd(engine);
        Assert.Equal([1, 1, 4, 6], calls);
        foreach (EncodedWindow window in shorter.Append(longer).SelectMany(job => job.Completion.Result)) window.Release();
    }

    [Fact]
    public async Task A_call_that_fails_is_the_fault_of_the_clip_with_which_it_fails_alone()
    {
        using var clips = new EngineClips();
        int callCount = 0;
        using StepEngine engine = clips.CreateEngine(wrap: inner => new ScriptedBackend(inner) { BeforeEncode = Fail });
        float[] speech = Samples.Read(Samples.AudioPath("english-3"));
        EncodeJob bad = Job(clips, AttentionMode.Windowed, speech[..16_000]);
        EncodeJob good = Job(clips, AttentionMode.Windowed, speech[..16_000]);
        engine.Add(bad);
        engine.Add(good);
        StepEngineTests.RunToEnd(engine);

        await Assert.ThrowsAsync<InvalidOperationException>(() => bad.Completion);
        foreach (EncodedWindow window in await good.Completion) window.Release();
        Assert.Equal(3, callCount);

        // Both together, then the first one alone.
        void Fail(int windowCount)
        {
            if (++callCount <= 2) throw new InvalidOperationException("broken");
        }
    }

    private static EncodeJob Job(EngineClips clips, AttentionMode attention, float[] samples)
    {
        ClipFeatures features = ClipFeatures.Create([.. samples], new LogMelSpectrogram(clips.Model.Config.Audio.MelBinCount), CancellationToken.None)!;
        return new EncodeJob(clips.Model.Config.Audio, features.Mel, features.FrameCount, attention);
    }

    private static float[][] Encode(EngineClips clips, AttentionMode attention, StepLimits limits, params float[][] audio)
    {
        using StepEngine engine = clips.CreateEngine(limits: limits);
        EncodeJob[] jobs = [.. audio.Select(samples => Job(clips, attention, samples))];
        foreach (EncodeJob job in jobs) engine.Add(job);
        StepEngineTests.RunToEnd(engine);
        float[][] rows = [.. jobs.Select(job => job.Completion.Result.SelectMany(window => window.Span.ToArray()).ToArray())];
        foreach (EncodedWindow window in jobs.SelectMany(job => job.Completion.Result)) window.Release();
        return rows;
    }
}
