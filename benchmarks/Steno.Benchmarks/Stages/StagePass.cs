using System.Diagnostics;
using Steno.Clips;
using Steno.Loading;

namespace Steno.Benchmarks.Stages;

/// <summary>One transcription after the other, each stage timed.</summary>
internal sealed class StagePass(LoadedModel model, StageSetup setup) : IDisposable
{
    private readonly ClipPass _pass = new(model);

    /// <summary>Rows of the prompt of the last pass.</summary>
    public int PromptRowCount => _pass.PromptIds.Length;

    public PassTimes Run(ReadOnlySpan<float> samples)
    {
        float[] clip = samples.ToArray();
        long start = Stopwatch.GetTimestamp();
        ClipFeatures features = _pass.Prepare(clip, CancellationToken.None) ?? throw new BenchmarkException("The recording is silent.");
        TimeSpan melTime = Stopwatch.GetElapsedTime(start);

        var clock = new EncoderClock();
        _pass.Tap = clock;
        _pass.Encode(features, setup.Attention, CancellationToken.None);
        _pass.Tap = null;

        double[] times = Decode();
        return new PassTimes(melTime.TotalSeconds, clock.Stem.TotalSeconds, clock.Layers.TotalSeconds, times[0], times[1..]);
    }

    public void Dispose() => _pass.Dispose();

    // Seconds to the first token, and from each to the next. No stop tokens: every pass takes the same number of steps.
    private double[] Decode()
    {
        double[] times = new double[setup.StepCount + 1];
        _pass.Generate(times.Length, stopTokenIds: []);
        int positions = model.Config.Text.MaxPositionCount;
        if (PromptRowCount + setup.StepCount > positions)
            throw new BenchmarkException($"The prompt has {PromptRowCount} rows; with {setup.StepCount} steps that is more than the model's {positions} positions.");

        long last = Stopwatch.GetTimestamp();
        for (bool goesOn = true; goesOn;)
        {
            goesOn = _pass.Step(CancellationToken.None);
            if (_pass.Tokens.Length == 0) continue;
            long now = Stopwatch.GetTimestamp();
            times[_pass.Tokens.Length - 1] = Stopwatch.GetElapsedTime(last, now).TotalSeconds;
            last = now;
        }

        return times;
    }
}
