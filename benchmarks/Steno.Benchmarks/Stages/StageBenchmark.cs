using System.Diagnostics;
using Steno.Audio;
using Steno.Benchmarks.Roofs;
using Steno.Kernels;
using Steno.Loading;
using Steno.Model;

namespace Steno.Benchmarks.Stages;

/// <summary>Times the stages of a transcription with a fixed number of decode steps, between two measurements of the roofs.</summary>
internal static class StageBenchmark
{
    // Longer than the 100 ms that the runtime waits before it recompiles what has been called often.
    private static readonly TimeSpan PauseAfterWarmup = TimeSpan.FromMilliseconds(250);

    /// <summary>Measures.</summary>
    /// <exception cref="StenoException">The model or the audio is broken.</exception>
    public static StageResult Run(StageSetup setup, RoofSurvey survey)
    {
        KernelPaths.RequireValidVariable();
        float[] samples = ReadSamples(setup.Audio);
        IReadOnlyList<Roof> roofsBefore = survey.Measure(setup.ThreadCount, KernelPaths.Selected);

        bool hasPeak = PeakMemory.Reset();
        var watch = Stopwatch.StartNew();
        using LoadedModel model = LoadedModel.Load(setup.Model, setup.Weights, setup.ThreadCount, CancellationToken.None);
        double loadSeconds = watch.Elapsed.TotalSeconds;

        using var pass = new StagePass(model, setup);
        PassTimes first = pass.Run(samples);
        for (int i = 0; i < setup.WarmupCount; i++)
        {
            pass.Run(samples);
            Thread.Sleep(PauseAfterWarmup);
        }

        PassTimes[] passes = [.. Enumerable.Range(0, setup.RepeatCount).Select(_ => pass.Run(samples))];
        long? peakBytes = hasPeak ? PeakMemory.Bytes() : null;
        IReadOnlyList<Roof> roofsAfter = survey.Measure(setup.ThreadCount, KernelPaths.Selected);

        var work = new WorkModel(model.Config);
        int frameCount = LogMelSpectrogram.FrameCount(samples.Length);
        RoofKind decoderArithmetic = ArithmeticOf(model.Weights.Text.Layers[0].GateUp);
        long decoderBytes = DecoderBytes(model.Weights.Text);
        return new StageResult
        {
            Setup = setup,
            KernelPath = KernelPaths.Selected.ToString(),
            AudioSeconds = (double)samples.Length / LogMelSpectrogram.SampleRateHz,
            PromptRowCount = pass.PromptRowCount,
            LoadSeconds = loadSeconds,
            FirstPass = first,
            Passes = passes,
            Stem = new StageWork(work.StemFlops(frameCount), StemBytes(model.Weights.Audio), ArithmeticOf(model.Weights.Audio.ConvOut)),
            Encoder = new StageWork(work.EncoderFlops(frameCount, setup.Attention == AttentionMode.Windowed), EncoderBytes(model.Weights.Audio), ArithmeticOf(model.Weights.Audio.Layers[0].Fc1.Weight)),
            Prefill = new StageWork(work.DecoderFlops(0, pass.PromptRowCount), decoderBytes, decoderArithmetic),
            Step = new StageWork(work.DecoderFlops(pass.PromptRowCount + (setup.StepCount / 2), 1), decoderBytes, decoderArithmetic),
            WeightBytes = model.Weights.ByteCount,
            FileBytes = new DirectoryInfo(setup.Model).EnumerateFiles("*.safetensors").Sum(file => file.Length),
            PeakMemoryBytes = peakBytes,
            RoofsBefore = roofsBefore,
            RoofsAfter = roofsAfter,
        };
    }

    private static float[] ReadSamples(string path)
    {
        using SampleReader reader = AudioInput.OpenFileAsync(path, AudioEncoding.Auto, CancellationToken.None).AsTask().GetAwaiter().GetResult();
        var samples = new List<float>();
        float[] block = new float[1 << 16];
        while (reader.ReadAsync(block, CancellationToken.None).AsTask().GetAwaiter().GetResult() is > 0 and int count)
            samples.AddRange(block.AsSpan(0, count));
        if (samples.Count < LogMelSpectrogram.MinimumSampleCount) throw new BenchmarkException($"{path} is too short to measure anything.");
        return [.. samples];
    }

    private static RoofKind ArithmeticOf(PackedMatrix weights) => weights.Format.IsQuantized() ? RoofKind.IntegerDotPeak : RoofKind.FloatPeak;

    private static long StemBytes(AudioEncoderWeights weights) => weights.Convolutions.Sum(linear => linear.Weight.ByteCount) + weights.ConvOut.ByteCount;

    private static long EncoderBytes(AudioEncoderWeights weights) =>
        weights.Layers.Sum(layer => layer.QueryKeyValue.Weight.ByteCount + layer.OutProj.Weight.ByteCount + layer.Fc1.Weight.ByteCount + layer.Fc2.Weight.ByteCount)
        + weights.Proj1.Weight.ByteCount
        + weights.Proj2.Weight.ByteCount;

    private static long DecoderBytes(TextDecoderWeights weights) =>
        weights.Layers.Sum(layer => layer.QueryKeyValue.ByteCount + layer.OProj.ByteCount + layer.GateUp.ByteCount + layer.DownProj.ByteCount)
        + weights.LmHead.ByteCount;
}
