using Steno.Kernels;
using Steno.Loading;
using Steno.Model;

namespace Steno.Benchmarks.Steps;

/// <summary>Sequences of random tokens, each with a cache that holds as many positions as every other.</summary>
internal sealed class SequenceSteps : IDisposable
{
    private readonly LoadedModel _model;
    private readonly int _positionCount;
    private readonly KvPagePool _pages;
    private readonly List<KvCache> _caches = [];
    private readonly RaggedBatch _batch = new();
    private readonly ActivationBuffers _buffers = new();
    private readonly GreedyChoice[] _choices = new GreedyChoice[RaggedBatch.MaxRowCount];

    public SequenceSteps(LoadedModel model, int sequenceCount, int positionCount)
    {
        int limit = model.Config.Text.MaxPositionCount;
        if (positionCount >= limit) throw new BenchmarkException($"{positionCount} positions leave no room for a step: the model has {limit}.");
        if (sequenceCount > RaggedBatch.MaxRowCount) throw new BenchmarkException($"A step takes at most {RaggedBatch.MaxRowCount} sequences.");
        (_model, _positionCount) = (model, positionCount);
        _pages = new KvPagePool(model.Config.Text, CachePrecision.BFloat16);
        for (int i = 0; i < sequenceCount; i++) _caches.Add(Prefill(seed: i));
    }

    /// <summary>Makes one step with the first sequences, which are left as they were.</summary>
    public void Run(int sequenceCount)
    {
        for (int i = 0; i < sequenceCount; i++)
        {
            _caches[i].TryReserve(_positionCount + 1);
            _batch.AddToken(_caches[i], _positionCount, i % _model.Config.Text.VocabularySize);
            _batch.RequestLogits();
        }

        Forward();
    }

    public void Dispose()
    {
        foreach (KvCache cache in _caches) cache.Dispose();
        _pages.Dispose();
        _buffers.Dispose();
    }

    private KvCache Prefill(int seed)
    {
        var cache = new KvCache(_pages);
        cache.TryReserve(_positionCount);
        var random = new Random(seed);
        for (int position = 0; position < _positionCount; position++)
        {
            if (_batch.IsFull) Forward();
            _batch.AddToken(cache, position, random.Next(_model.Config.Text.VocabularySize));
        }

        Forward();
        cache.Commit(_positionCount);
        return cache;
    }

    private void Forward()
    {
        _model.TextDecoder.Forward(_batch, _choices, _buffers, tap: null, CancellationToken.None);
        _batch.Clear();
    }
}
