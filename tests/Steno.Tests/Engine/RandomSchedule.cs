using Steno.Decoding;
using Steno.Engine;
using Steno.Kernels;
using Steno.Model;

namespace Steno.Tests.Engine;

/// <summary>
/// Some sequences on one engine, with everything that a seed makes happen: late arrivals, cancellations before, in and after a pass, drafts right and
/// wrong, prompts that go on where another ended, few pages, passes that fail, numbers that are not finite.
/// </summary>
internal sealed class RandomSchedule : IDisposable
{
    private readonly EngineClips _clips;
    private readonly ScheduleTally _tally;
    private readonly Random _random;
    private readonly StepEngine _engine;
    private readonly List<(Sequence Sequence, int[] Expected)> _sequences = [];
    private readonly HashSet<Sequence> _doomed = [];
    private readonly HashSet<Sequence> _cancelled = [];
    private readonly double _failureRate;
    private int _remaining;

    public RandomSchedule(EngineClips clips, int seed, ScheduleTally tally)
    {
        _clips = clips;
        _tally = tally;
        _random = new Random(seed);
        _remaining = _random.Next(1, 9);
        _failureRate = _random.Next(4) == 0 ? 0.05 : 0;
        long pageBytes = clips.Pages().PageBytes;
        var limits = new StepLimits
        {
            PrefillRows = _random.Next(1, 100),
            SharedPrefillRows = _random.Next(1, 60),
            Choices = _random.Next(1, 20),
            Sequences = _random.Next(1, 8),
        };
        long cacheBytes = _random.Next(3) == 0 ? long.MaxValue : _random.Next(1, 9) * pageBytes;
        _engine = clips.CreateEngine(cacheBytes, limits, inner => new ScriptedBackend(inner) { BeforeForward = BeforeForward, AfterForward = AfterForward });
    }

    public void Run()
    {
        while (_remaining > 0 || _engine.HasWork)
        {
            if (_remaining > 0 && (!_engine.HasWork || _random.Next(3) == 0)) Arrive();
            if (_random.Next(15) == 0) CancelOne();
            int running = _sequences.Count(pair => pair.Sequence.Cache is not null);
            int ended = _sequences.Count(pair => pair.Sequence.Completion.IsCompleted);
            _engine.Step();
            if (_sequences.Count(pair => pair.Sequence.Cache is not null || pair.Sequence.Completion.IsCompleted) < ended + running) _tally.Evictions++;
        }

        foreach ((Sequence sequence, int[] expected) in _sequences) Check(sequence, expected);
        foreach ((Sequence sequence, _) in _sequences)
        {
            if (sequence.Retained is { } retained) _engine.Drop(retained);
        }

        Assert.Equal(0, _engine.Pages.UsedPageCount);
        _engine.Trim();
        _engine.Trim();
        Assert.Equal(0, _engine.WorkingBytes);
    }

    public void Dispose() => _engine.Dispose();

    private void Arrive()
    {
        _remaining--;
        int clip = _random.Next(EngineClips.Names.Count);
        int[] ids = _clips.Alone[clip];
        Prompt prompt = _clips.PromptOf(clip);
        int given = _random.Next(3) == 0 ? _random.Next(ids.Length) : 0;
        SequenceSpec spec = _clips.Spec(clip, prompt with { Ids = [.. prompt.Ids, .. ids[..given]] });
        int[] expected = ids[given..];
        spec = spec with { MaxTokens = spec.MaxTokens - given, Draft = Draft(expected), IsRetained = _random.Next(3) == 0 };
        if (_sequences.Find(pair => pair.Sequence.Retained?.Cache is not null).Sequence is { } before)
        {
            spec = spec with { Prefix = before.Retained };
            _tally.Continued++;
        }

        var sequence = new Sequence(spec);
        if (_failureRate > 0 && _random.Next(4) == 0) _doomed.Add(sequence);
        _sequences.Add((sequence, expected));
        _engine.Add(sequence);
    }

    private int[] Draft(int[] ids)
    {
        if (_random.Next(2) == 0) return [];
        _tally.Drafts++;
        int[] draft = [.. ids[.._random.Next(ids.Length + 1)], .. _random.Next(2) == 0 ? [] : new[] { _random.Next(200) }];
        if (draft.Length > 0 && _random.Next(2) == 0) draft[_random.Next(draft.Length)] = _random.Next(200);
        return draft;
    }

    private void CancelOne()
    {
        if (_sequences.Count == 0) return;
        Sequence sequence = _sequences[_random.Next(_sequences.Count)].Sequence;
        if (sequence.Completion.IsCompleted) return;
        sequence.RequestCancel(new CancellationToken(canceled: true));
        _engine.OnCancelled(sequence);
        _cancelled.Add(sequence);
    }

    private void BeforeForward(RaggedBatch batch)
    {
        if (_random.Next(40) == 0) CancelOne();
        if (_random.NextDouble() < _failureRate && _doomed.Any(sequence => IsIn(batch, sequence))) throw new InvalidOperationException("a pass failed");
    }

    private void AfterForward(RaggedBatch batch, Span<GreedyChoice> choices)
    {
        if (_random.NextDouble() >= _failureRate) return;
        for (int i = 0; i < choices.Length; i++)
        {
            KvCache cache = batch.Rows[batch.LogitRows[i]].Cache;
            if (_doomed.Any(sequence => ReferenceEquals(sequence.Cache, cache))) choices[i] = new GreedyChoice(0, double.NaN);
        }
    }

    private static bool IsIn(RaggedBatch batch, Sequence sequence)
    {
        foreach (BatchRow row in batch.Rows)
        {
            if (ReferenceEquals(row.Cache, sequence.Cache)) return true;
        }

        return false;
    }

    private void Check(Sequence sequence, int[] expected)
    {
        Assert.True(sequence.Completion.IsCompleted);
        Assert.Null(sequence.Cache);
        _tally.AcceptedDraftTokens += sequence.AcceptedDraftCount;
        if (sequence.Completion.IsCompletedSuccessfully)
        {
            _tally.Whole++;
            Assert.Equal(expected, sequence.Tokens.ToArray());
            return;
        }

        // What was told to readers before the end is right all the same.
        Assert.Equal(expected[..Math.Min(expected.Length, sequence.TokenCount)], sequence.Tokens.ToArray());
        if (sequence.Completion.IsCanceled)
        {
            _tally.Cancelled++;
            Assert.Contains(sequence, _cancelled);
        }
        else if (sequence.Completion.Exception!.InnerException is CacheMemoryException)
        {
            _tally.TooLong++;
        }
        else
        {
            _tally.Faulted++;
            Assert.Contains(sequence, _doomed);
        }
    }
}
