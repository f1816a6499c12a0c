using BenchmarkDotNet.Attributes;
using Steno.Audio;

namespace Steno.Benchmarks.Microbenchmarks;

/// <summary>The log-mel spectrogram of 11 s of noise.</summary>
public class MelBenchmark
{
    private const int SampleCount = 11 * LogMelSpectrogram.SampleRateHz;
    private const int MelBinCount = 128;

    private readonly LogMelSpectrogram _mel = new(MelBinCount);
    private readonly float[] _samples = new float[SampleCount];
    private readonly float[] _frames = new float[LogMelSpectrogram.FrameCount(SampleCount) * MelBinCount];

    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(1);
        foreach (ref float sample in _samples.AsSpan()) sample = (random.NextSingle() * 2) - 1;
    }

    [Benchmark]
    public void LogMel11Seconds() => _mel.Compute(_samples, _frames, CancellationToken.None);
}
