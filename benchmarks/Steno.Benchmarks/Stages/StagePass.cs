using System.Diagnostics;
using Steno.Audio;
using Steno.Decoding;
using Steno.Loading;
using Steno.Model;
using Steno.Tensors;

namespace Steno.Benchmarks.Stages;

/// <summary>One transcription after the other, each stage timed.</summary>
internal sealed unsafe class StagePass(LoadedModel model, StageSetup setup) : IDisposable
{
    private readonly LogMelSpectrogram _mel = new(model.Config.Audio.MelBinCount);
    private readonly ActivationBuffers _buffers = new();

    // No stop tokens: every pass takes the same number of steps.
    private readonly GreedyDecoder _decoder = new(model.TextDecoder, []);

    /// <summary>Rows of the prompt of the last pass.</summary>
    public int PromptRowCount { get; private set; }

    public PassTimes Run(ReadOnlySpan<float> samples)
    {
        AudioEncoderConfig config = model.Config.Audio;
        int frameCount = LogMelSpectrogram.FrameCount(samples.Length);
        int rowCount = config.TokenCount(frameCount);
        using var mel = new AlignedBuffer<float>((long)frameCount * config.MelBinCount);
        using var audio = new AlignedBuffer<float>((long)rowCount * config.OutputWidth);

        long start = Stopwatch.GetTimestamp();
        _mel.Compute(samples, mel.Span, CancellationToken.None);
        TimeSpan melTime = Stopwatch.GetElapsedTime(start);

        var clock = new EncoderClock();
        model.AudioEncoder.Encode(mel.Pointer, frameCount, setup.Attention, _buffers, audio.Pointer, clock, CancellationToken.None);

        double[] times = Decode(audio, rowCount);
        return new PassTimes(melTime.TotalSeconds, clock.Stem.TotalSeconds, clock.Layers.TotalSeconds, times[0], times[1..]);
    }

    public void Dispose() => _buffers.Dispose();

    // Seconds to the first token, and from each to the next.
    private double[] Decode(AlignedBuffer<float> audio, int rowCount)
    {
        Prompt prompt = new PromptBuilder(model.Tokenizer).Build(context: null, forcedLanguage: null, rowCount);
        PromptRowCount = prompt.Ids.Length;
        int positions = model.Config.Text.MaxPositionCount;
        if (prompt.Ids.Length + setup.StepCount > positions)
            throw new BenchmarkException($"The prompt has {prompt.Ids.Length} rows; with {setup.StepCount} steps that is more than the model's {positions} positions.");

        double[] times = new double[setup.StepCount + 1];
        int count = 0;
        long last = 0;
        using var sequence = new DecodingSequence(prompt, audio, new KvCache(model.Config.Text, CachePrecision.BFloat16), times.Length, _ => OnToken());
        last = Stopwatch.GetTimestamp();
        _decoder.Decode([sequence], _buffers, tap: null, CancellationToken.None);
        return times;

        void OnToken()
        {
            long now = Stopwatch.GetTimestamp();
            times[count++] = Stopwatch.GetElapsedTime(last, now).TotalSeconds;
            last = now;
        }
    }
}
