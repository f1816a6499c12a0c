using System.Diagnostics;
using Steno.Audio;
using Steno.Clips;
using Steno.Decoding;
using Steno.Engine;
using Steno.Kernels;
using Steno.Loading;
using Steno.Model;

namespace Steno.Benchmarks.Engine;

/// <summary>Clips on one engine: how long a short one waits beside a long one, and how soon a cancelled one is gone.</summary>
internal sealed class EngineBenchmark : IDisposable
{
    private const int IdleCount = 8;

    private readonly LoadedModel _model;
    private readonly LogMelSpectrogram _mel;
    private readonly EngineLoop _loop;
    private readonly float[] _short;
    private readonly float[] _long;

    private EngineBenchmark(LoadedModel model, float[] samples, int minutes)
    {
        _model = model;
        _mel = new LogMelSpectrogram(model.Config.Audio.MelBinCount);
        _loop = new EngineLoop(new StepEngine(new NetworkBackend(model.Config, model.AudioEncoder, model.TextDecoder), new KvPagePool(model.Config.Text, CachePrecision.BFloat16)), model.Runner.Pool.Turns);
        _short = samples;
        _long = new float[minutes * 60 * LogMelSpectrogram.SampleRateHz];
        for (int i = 0; i < _long.Length; i++) _long[i] = samples[i % samples.Length];
    }

    public static async Task<EngineResult> RunAsync(EngineSetup setup, CancellationToken cancellationToken)
    {
        KernelPaths.RequireValidVariable();
        float[] samples = await RecordingReader.ReadFileAsync(setup.Audio, cancellationToken).ConfigureAwait(false);
        using LoadedModel model = LoadedModel.Load(setup.Model, setup.Weights, setup.ThreadCount, cancellationToken);
        using var benchmark = new EngineBenchmark(model, samples, setup.Minutes);
        for (int i = 0; i < 3; i++) await benchmark.FirstTokenAsync(cancellationToken).ConfigureAwait(false);

        double[] alone = new double[setup.RoundCount];
        double[] beside = new double[setup.RoundCount];
        double[] chunk = new double[setup.RoundCount];
        double[] cancel = new double[setup.RoundCount];
        IReadOnlyList<EncodedWindow> windows = await benchmark.EncodeAsync(benchmark._long, cancellationToken).ConfigureAwait(false);
        for (int i = 0; i < setup.RoundCount; i++)
        {
            alone[i] = await benchmark.FirstTokenAsync(cancellationToken).ConfigureAwait(false);
            using var source = new CancellationTokenSource();
            benchmark.Start(windows, isRetained: false, source.Token);
            chunk[i] = await benchmark.ChunkAsync().ConfigureAwait(false);
            beside[i] = await benchmark.FirstTokenAsync(cancellationToken).ConfigureAwait(false);
            cancel[i] = await benchmark.CancelAsync(source).ConfigureAwait(false);
        }

        foreach (EncodedWindow window in windows) window.Release();
        double idle = await benchmark.IdleBytesAsync(cancellationToken).ConfigureAwait(false);
        return new EngineResult { Setup = setup, Alone = alone, Beside = beside, Chunk = chunk, Cancel = cancel, IdleBytes = idle };
    }

    public void Dispose() => _loop.Dispose();

    private async Task<IReadOnlyList<EncodedWindow>> EncodeAsync(float[] samples, CancellationToken cancellationToken)
    {
        ClipFeatures features = ClipFeatures.Create([.. samples], _mel, cancellationToken) ?? throw new BenchmarkException("The recording is silent.");
        return await _loop.EncodeAsync(new EncodeJob(_model.Config.Audio, features.Mel, features.FrameCount, AttentionMode.Windowed), cancellationToken).ConfigureAwait(false);
    }

    private Sequence Start(IReadOnlyList<EncodedWindow> windows, bool isRetained, CancellationToken cancellationToken)
    {
        Prompt prompt = new PromptBuilder(_model.Tokenizer).Build(context: null, forcedLanguage: null, windows.Sum(window => window.RowCount));
        return _loop.Start(new SequenceSpec { Prompt = new PromptRows(prompt, windows), StopTokenIds = _model.StopTokenIds, MaxTokens = 20, IsRetained = isRetained }, cancellationToken);
    }

    // Features, tower and prompt of the short clip, until its first token is there.
    private async Task<double> FirstTokenAsync(CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        IReadOnlyList<EncodedWindow> windows = await EncodeAsync(_short, cancellationToken).ConfigureAwait(false);
        Sequence sequence = Start(windows, isRetained: false, cancellationToken);
        foreach (EncodedWindow window in windows) window.Release();
        await sequence.WaitAsync(0).ConfigureAwait(false);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        await sequence.Completion.ConfigureAwait(false);
        return seconds;
    }

    // From the end of one step to the end of the next.
    private async Task<double> ChunkAsync()
    {
        long first = await AfterStepsAsync(3).ConfigureAwait(false);
        return Stopwatch.GetElapsedTime(first, await AfterStepsAsync(1).ConfigureAwait(false)).TotalSeconds;
    }

    private async Task<long> AfterStepsAsync(int count)
    {
        long time = 0;
        long steps = 0;
        long first = -1;
        while (first < 0 || steps < first + count)
        {
            await _loop.InvokeAsync(engine => (time, steps) = (Stopwatch.GetTimestamp(), engine.StepCount)).ConfigureAwait(false);
            if (first < 0) first = steps;
        }

        return time;
    }

    private async Task<double> CancelAsync(CancellationTokenSource source)
    {
        long start = Stopwatch.GetTimestamp();
        await source.CancelAsync().ConfigureAwait(false);
        int pageCount = -1;
        while (pageCount != 0) await _loop.InvokeAsync(engine => pageCount = engine.Pages.UsedPageCount).ConfigureAwait(false);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private async Task<double> IdleBytesAsync(CancellationToken cancellationToken)
    {
        var retained = new List<RetainedPrefix>();
        for (int i = 0; i < IdleCount; i++)
        {
            IReadOnlyList<EncodedWindow> windows = await EncodeAsync(_short, cancellationToken).ConfigureAwait(false);
            Sequence sequence = Start(windows, isRetained: true, cancellationToken);
            foreach (EncodedWindow window in windows) window.Release();
            await sequence.Completion.ConfigureAwait(false);
            retained.Add(sequence.Retained!);
        }

        double ratio = 0;
        await _loop.InvokeAsync(engine =>
        {
            engine.Trim();
            engine.Trim();
            ratio = (double)engine.WorkingBytes / (engine.Pages.UsedPageCount * engine.Pages.PageBytes);
        }).ConfigureAwait(false);
        foreach (RetainedPrefix prefix in retained) _loop.Drop(prefix);
        return ratio;
    }
}
