using Steno.Audio;
using Steno.Clips;
using Steno.Decoding;
using Steno.Engine;
using Steno.Kernels;
using Steno.Loading;
using Steno.Model;
using Steno.Tests.Model;

namespace Steno.Tests.Engine;

/// <summary>The built-in model and some recordings that went through its audio tower, to make sequences of; and what each gives alone.</summary>
internal sealed class EngineClips : IDisposable
{
    public const int MaxTokens = 12;

    private readonly List<IReadOnlyList<EncodedWindow>> _windows = [];

    public EngineClips(WeightPrecision weights = WeightPrecision.Auto)
    {
        Model = GoldenModelTests.Load("tiny-asr", weights);
        var mel = new LogMelSpectrogram(Model.Config.Audio.MelBinCount);
        using StepEngine engine = CreateEngine();
        foreach (string name in Names)
        {
            ClipFeatures features = ClipFeatures.Create(Samples.Read(Samples.AudioPath(name)), mel, CancellationToken.None)!;
            var job = new EncodeJob(Model.Config.Audio, features.Mel, features.FrameCount, AttentionMode.Windowed);
            engine.Add(job);
            while (engine.Step()) continue;
            _windows.Add(job.Completion.Result);
        }

        Alone = [.. Enumerable.Range(0, Names.Count).Select(clip => Decode(PromptOf(clip), _windows[clip]))];
    }

    public static IReadOnlyList<string> Names { get; } = ["english-3", "chinese-1", "spanish-1", "german-2", "english-1"];

    public LoadedModel Model { get; }

    /// <summary>Ids of each clip, from a plain loop over the decoder.</summary>
    public IReadOnlyList<int[]> Alone { get; }

    public StepEngine CreateEngine(long cacheBytes = long.MaxValue, StepLimits? limits = null, Func<IModelBackend, IModelBackend>? wrap = null)
    {
        IModelBackend backend = new NetworkBackend(Model.Config, Model.AudioEncoder, Model.TextDecoder);
        return new StepEngine(wrap is null ? backend : wrap(backend), Pages(cacheBytes), limits);
    }

    public KvPagePool Pages(long maxBytes = long.MaxValue) => new(Model.Config.Text, CachePrecision.BFloat16, maxBytes);

    public Prompt PromptOf(int clip) => new PromptBuilder(Model.Tokenizer).Build(context: null, forcedLanguage: null, _windows[clip].Sum(window => window.RowCount));

    public SequenceSpec Spec(int clip, Prompt? prompt = null) => new()
    {
        Prompt = new PromptRows(prompt ?? PromptOf(clip), _windows[clip]),
        MaxTokens = MaxTokens,
        StopTokenIds = Model.StopTokenIds,
    };

    public int WindowReferences => _windows.Sum(windows => windows.Sum(window => window.ReferenceCount));

    public void Dispose()
    {
        foreach (EncodedWindow window in _windows.SelectMany(windows => windows)) window.Release();
        Model.Dispose();
    }

    private int[] Decode(Prompt prompt, IReadOnlyList<EncodedWindow> windows)
    {
        using KvPagePool pages = Pages();
        using var cache = new KvCache(pages);
        using var rows = new PromptRows(prompt, windows);
        using var buffers = new ActivationBuffers();
        var batch = new RaggedBatch();
        var choices = new GreedyChoice[1];
        var ids = new List<int>();
        cache.TryReserve(rows.Count + MaxTokens);
        for (int i = 0; i < rows.Count; i++) rows.AddTo(batch, cache, i);
        while (true)
        {
            batch.RequestLogits();
            Model.TextDecoder.Forward(batch, choices, buffers, tap: null, CancellationToken.None);
            cache.Commit(rows.Count + ids.Count);
            if (Model.StopTokenIds.Contains(choices[0].Index)) return [.. ids];
            ids.Add(choices[0].Index);
            if (ids.Count == MaxTokens) return [.. ids];
            batch.Clear();
            batch.AddToken(cache, cache.Length, choices[0].Index);
        }
    }
}
