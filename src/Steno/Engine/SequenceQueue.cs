using Steno.Model;

namespace Steno.Engine;

/// <summary>The sequences of an engine: those that wait for memory, those that are computed, and what ended ones left. Says whose rows come next.</summary>
/// <remarks>
/// A sequence is admitted when its prompt fits into the pages that are free, in the order of arrival. When tokens need more pages than there are, what
/// ended sequences left goes first; then the youngest sequence gives back its pages and waits, and computes its rows again later.
/// </remarks>
internal sealed class SequenceQueue(KvPagePool pages, StepLimits limits)
{
    private readonly LinkedList<Sequence> _waiting = new();
    private readonly List<RetainedPrefix> _retained = [];

    // Who was served longest ago comes first.
    private readonly List<Sequence> _running = [];
    private readonly List<Sequence> _served = [];
    private long _arrivalCount;

    public bool HasWork => _running.Count > 0 || _waiting.Count > 0;

    public void Add(Sequence sequence)
    {
        sequence.Number = _arrivalCount++;
        _waiting.AddLast(sequence);
    }

    /// <summary>Chooses the rows of the next pass. The plan stays empty only when no sequence can go on, and then none is left.</summary>
    /// <param name="plan">An empty plan.</param>
    /// <param name="maxRows">Most rows of prompts while only one sequence is there; several share <see cref="StepLimits.SharedPrefillRows"/> at most.</param>
    public void Plan(StepPlan plan, int maxRows)
    {
        Admit();
        Reserve();
        if (_running.Find(sequence => sequence.IsSuspect) is { } suspect)
        {
            plan.Add(suspect, limits.PrefillRows);
            return;
        }

        _served.Clear();
        PlanTokens(plan);
        PlanPrompts(plan, _running.Count > 1 ? Math.Min(maxRows, limits.SharedPrefillRows) : maxRows);
        foreach (Sequence sequence in _served) _running.Remove(sequence);
        _running.AddRange(_served);
    }

    /// <summary>Hands out what a pass computed.</summary>
    public void Accept(StepPlan plan)
    {
        foreach (StepPlan.Part part in plan.Parts)
        {
            Sequence sequence = part.Sequence;
            try
            {
                sequence.Accept(part.RowCount, plan.Choices.Slice(part.FirstChoice, part.ChoiceCount));
            }
            catch (ModelFormatException exception)
            {
                End(sequence, exception);
                continue;
            }

            sequence.IsSuspect = false;
            sequence.Publish();
            if (sequence.StopReason != Decoding.StopReason.None) End(sequence, fault: null);
        }
    }

    /// <summary>Takes note of a pass that failed: if it had the rows of one sequence, it is that one's fault; else each is tried alone.</summary>
    public void Fault(StepPlan plan, Exception fault)
    {
        foreach (StepPlan.Part part in plan.Parts)
        {
            if (plan.Parts.Length == 1) End(part.Sequence, fault);
            else part.Sequence.IsSuspect = true;
        }
    }

    /// <summary>Ends the sequences that were cancelled.</summary>
    public void DropCancelled()
    {
        for (int i = _running.Count - 1; i >= 0; i--)
        {
            if (_running[i].IsCancelRequested) End(_running[i], new OperationCanceledException());
        }

        for (LinkedListNode<Sequence>? node = _waiting.First, next; node is not null; node = next)
        {
            next = node.Next;
            if (!node.Value.IsCancelRequested) continue;
            _waiting.Remove(node);
            node.Value.End(new OperationCanceledException());
        }
    }

    public void EndAll(Exception fault)
    {
        while (_running.Count > 0) End(_running[^1], fault);
        foreach (Sequence sequence in _waiting) sequence.End(fault);
        _waiting.Clear();
    }

    public void Drop(RetainedPrefix prefix)
    {
        _retained.Remove(prefix);
        prefix.Drop();
    }

    public void DropRetained()
    {
        while (TryDropOldest()) continue;
    }

    private void Admit()
    {
        while (_waiting.First is { } first && _running.Count < limits.Sequences)
        {
            Sequence sequence = first.Value;
            if (TryMakeRoom(sequence) is { } cache)
            {
                sequence.Admit(cache);
                int served = _running.FindIndex(other => other.StartTimestamp != 0);
                _running.Insert(served < 0 ? _running.Count : served, sequence);
            }
            else
            {
                if (_running.Count > 0) return;
                sequence.End(TooLong(sequence));
            }

            _waiting.RemoveFirst();
        }
    }

    // A page for each running sequence stays free, else the next one to grow would throw the new one out again.
    private KvCache? TryMakeRoom(Sequence sequence)
    {
        KvCache cache = TakePrefix(sequence) ?? new KvCache(pages);
        while (!cache.TryReserve(sequence.RowCount) || pages.MaxPageCount - pages.UsedPageCount < _running.Count)
        {
            if (TryDropOldest()) continue;
            cache.Dispose();
            return null;
        }

        return cache;
    }

    private KvCache? TakePrefix(Sequence sequence)
    {
        if (sequence.Spec.Prefix is not { } prefix) return null;
        _retained.Remove(prefix);
        return prefix.Take(sequence.Spec.Prompt);
    }

    private bool TryDropOldest()
    {
        if (_retained.Count == 0) return false;
        _retained[0].Drop();
        _retained.RemoveAt(0);
        return true;
    }

    // Room for the next rows of every sequence. A prompt has its room since it was admitted.
    private void Reserve()
    {
        for (int i = 0; i < _running.Count; i++)
        {
            while (!_running[i].Cache!.TryReserve(_running[i].RowCount))
            {
                if (TryDropOldest()) continue;
                Sequence youngest = _running.MaxBy(sequence => sequence.Number)!;
                if (_running.Count == 1) End(youngest, TooLong(youngest));
                else Evict(youngest);
                i = -1;
                break;
            }
        }
    }

    private void Evict(Sequence sequence)
    {
        sequence.Evict();
        _running.Remove(sequence);
        _waiting.AddFirst(sequence);
    }

    private void PlanTokens(StepPlan plan)
    {
        foreach (Sequence sequence in _running)
        {
            if (plan.IsFull) return;
            if (sequence.IsPrefilling) continue;
            plan.Add(sequence, limits.PrefillRows);
            _served.Add(sequence);
        }
    }

    private void PlanPrompts(StepPlan plan, int maxRows)
    {
        int rows = 0;
        foreach (Sequence sequence in _running)
        {
            if (!sequence.IsPrefilling) continue;
            int missing = sequence.RowCount - sequence.Cache!.Length;
            if (plan.IsFull || rows >= maxRows || (rows > 0 && rows + missing > maxRows)) return;
            int before = plan.Batch.RowCount;
            plan.Add(sequence, missing <= limits.PrefillRows ? missing : maxRows - rows);
            rows += plan.Batch.RowCount - before;
            _served.Add(sequence);
        }
    }

    private void End(Sequence sequence, Exception? fault)
    {
        _running.Remove(sequence);
        sequence.End(fault);
        if (sequence.Retained is { } retained) _retained.Add(retained);
    }

    private CacheMemoryException TooLong(Sequence sequence) => new(
        $"the caches may take {pages.MaxBytes} bytes together, but {sequence.RowCount} positions alone take {KvCache.PagesOf(sequence.RowCount) * pages.PageBytes}; allow more, or cut the audio into shorter clips");
}
