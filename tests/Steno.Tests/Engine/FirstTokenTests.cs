using Steno.Engine;
using Steno.Model;
using Steno.Tensors;

namespace Steno.Tests.Engine;

/// <summary>How many steps of an engine lie before the first token of a clip.</summary>
public sealed class FirstTokenTests
{
    [Fact]
    public void A_short_clip_keeps_its_place_before_later_ones()
    {
        using var clips = new EngineClips();
        using StepEngine engine = clips.CreateEngine();
        EncodeJob first = Job(clips, 1100);
        engine.Add(first);
        EncodeJob[] later = [.. Enumerable.Range(0, 15).Select(_ => Job(clips, 1100))];
        foreach (EncodeJob job in later) engine.Add(job);
        int steps = 0;
        while (!first.Completion.IsCompleted && engine.Step()) steps++;

        // Both windows in one call.
        Assert.Equal(1, steps);
        Assert.DoesNotContain(later, job => job.Completion.IsCompleted);

        // Its prompt is one pass, and then it has a token, though fifteen clips wait for the tower.
        var sequence = new Sequence(clips.Spec(0));
        engine.Add(sequence);
        steps = 0;
        while (sequence.TokenCount == 0 && engine.Step()) steps++;
        Assert.Equal(1, steps);
        engine.EndAll(new OperationCanceledException());
    }

    [Fact]
    public void A_long_clip_lets_others_pass()
    {
        using var clips = new EngineClips();
        using StepEngine engine = clips.CreateEngine();
        EncodeJob longOne = Job(clips, 60_000);
        EncodeJob shortOne = Job(clips, 800);
        engine.Add(longOne);
        engine.Add(shortOne);
        int steps = 0;
        while (!shortOne.Completion.IsCompleted && engine.Step()) steps++;

        Assert.InRange(steps, 1, 5);
        Assert.False(longOne.Completion.IsCompleted);
        engine.EndAll(new OperationCanceledException());
    }

    private static EncodeJob Job(EngineClips clips, int frameCount)
    {
        AudioEncoderConfig config = clips.Model.Config.Audio;
        return new EncodeJob(config, new AlignedBuffer<float>((long)frameCount * config.MelBinCount), frameCount, AttentionMode.Windowed);
    }
}
