using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Steno.Model;

namespace Steno.Engine;

/// <summary>Computes sequences and clips in steps, of which each is one pass of a network for as many of them as it may hold. One thread at a time.</summary>
/// <remarks>
/// Passes of the audio tower and of the language model take turns. A pass of the language model has the next row of every sequence that is past its
/// prompt, with its draft; then prompts, whoever waited longest first: a part of a long one, or several short ones whole. Row counts are committed
/// after the pass, so one that fails or is stopped leaves the sequences as they were.
/// </remarks>
internal sealed class StepEngine : IDisposable
{
    // Passes that stay short after a clip was encoded beside others: by then its prompt has come.
    private const int ShortPasses = 4;

    // Two calls of two windows are half a minute of audio.
    private const int CallsInTurn = 2;

    private readonly IModelBackend _backend;
    private readonly StepLimits _limits;
    private readonly SequenceQueue _sequences;
    private readonly List<EncodeJob> _jobs = [];
    private readonly List<EncoderWindow> _windows = [];
    private readonly List<(EncodeJob Job, int Count)> _jobParts = [];
    private readonly PassGuard _guard = new();
    private readonly StepPlan _plan;
    private bool _hasEncodedLast;
    private int _shortPassCount;

    /// <summary>Prepares an engine.</summary>
    /// <param name="backend">The networks; the engine owns it.</param>
    /// <param name="pages">Memory of the caches; the engine owns it.</param>
    /// <param name="limits">How much to take on at once; null for the defaults.</param>
    public StepEngine(IModelBackend backend, KvPagePool pages, StepLimits? limits = null)
    {
        _backend = backend;
        Pages = pages;
        _limits = limits ?? new StepLimits();
        _plan = new StepPlan(_limits.Choices);
        _sequences = new SequenceQueue(pages, _limits);
    }

    public KvPagePool Pages { get; }

    /// <summary>Bytes of working memory and caches, in use or kept for the next.</summary>
    public long WorkingBytes => _backend.WorkingBytes + Pages.AllocatedBytes;

    /// <summary>Passes so far, of either network.</summary>
    public long StepCount { get; private set; }

    public bool HasWork => _jobs.Count > 0 || _sequences.HasWork;

    /// <summary>Takes on a clip.</summary>
    public void Add(EncodeJob job) => _jobs.Add(job);

    /// <summary>Takes on a sequence.</summary>
    public void Add(Sequence sequence)
    {
        _shortPassCount = 0;
        _sequences.Add(sequence);
    }

    /// <summary>Drops what a sequence left.</summary>
    public void Drop(RetainedPrefix prefix) => _sequences.Drop(prefix);

    /// <summary>Called from any thread when a sequence or clip was cancelled.</summary>
    public void OnCancelled(object owner) => _guard.OnCancelled(owner);

    /// <summary>Does one pass.</summary>
    /// <returns>False when there is nothing to do.</returns>
    public bool Step()
    {
        DropCancelled();
        if (!HasWork) return false;
        StepCount++;
        bool encodes = _jobs.Count > 0 && !(_hasEncodedLast && _sequences.HasWork);
        if (encodes) Encode();
        else Forward();
        _hasEncodedLast = encodes;
        DropCancelled();
        return true;
    }

    /// <summary>Ends everything that is under way.</summary>
    public void EndAll(Exception fault)
    {
        foreach (EncodeJob job in _jobs) job.End(fault);
        _jobs.Clear();
        _sequences.EndAll(fault);
    }

    /// <summary>Gives back memory that was not needed since the call before.</summary>
    public void Trim()
    {
        _backend.Trim();
        Pages.Trim();
    }

    public void Dispose()
    {
        EndAll(new ObjectDisposedException(nameof(AsrModel)));
        _sequences.DropRetained();
        Pages.Dispose();
        _backend.Dispose();
        _guard.Dispose();
    }

    private void DropCancelled()
    {
        for (int i = _jobs.Count - 1; i >= 0; i--)
        {
            if (!_jobs[i].IsCancelRequested) continue;
            _jobs[i].End(new OperationCanceledException());
            _jobs.RemoveAt(i);
        }

        _sequences.DropCancelled();
    }

    private void Encode()
    {
        CancellationToken stop = _guard.Begin();
        PlanWindows();
        bool isDone = TryRun(static (engine, token) => engine._backend.Encode(CollectionsMarshal.AsSpan(engine._windows), token), stop, out Exception? fault);
        _guard.End();
        int place = 0;
        foreach ((EncodeJob job, int count) in _jobParts) Finish(job, count, isDone, fault, ref place);
    }

    // The clip that waited longest, then others as long as their windows fit; one whose last call failed alone.
    private void PlanWindows()
    {
        _windows.Clear();
        _jobParts.Clear();
        int room = _jobs.Count == 1 && !_sequences.HasWork ? _limits.EncodeRows : _limits.SharedEncodeRows;
        EncodeJob? suspect = _jobs.Find(job => job.IsSuspect);
        foreach (EncodeJob job in _jobs)
        {
            if (suspect is not null && job != suspect) continue;
            (int count, int rows) = job.AddWindows(_windows, room);
            if (count == 0) break;
            room -= rows;
            _jobParts.Add((job, count));
            _guard.Add(job, rows);
            if (job.IsCancelRequested) _guard.OnCancelled(job);
        }
    }

    // A clip keeps its place for some calls, so that the text of a short one begins before later ones are encoded; then it goes behind all others.
    private void Finish(EncodeJob job, int count, bool isDone, Exception? fault, ref int place)
    {
        if (isDone) job.Commit(count);
        else job.Rollback();
        _jobs.Remove(job);
        if (fault is not null && _jobParts.Count == 1) job.End(fault);
        else if (isDone && job.IsDone)
        {
            job.End(fault: null);
            if (_sequences.HasWork) _shortPassCount = ShortPasses;
        }
        else if (isDone && ++job.CallCount % CallsInTurn != 0) _jobs.Insert(place++, job);
        else _jobs.Add(job);
        job.IsSuspect = fault is not null;
    }

    private void Forward()
    {
        _plan.Clear();
        _sequences.Plan(_plan, _shortPassCount > 0 ? _limits.HandoverRows : _jobs.Count > 0 ? _limits.SharedPrefillRows : _limits.PrefillRows);
        _shortPassCount = Math.Max(0, _shortPassCount - 1);
        if (_plan.Parts.IsEmpty) return;
        CancellationToken stop = _guard.Begin();
        foreach (StepPlan.Part part in _plan.Parts)
        {
            _guard.Add(part.Sequence, part.RowCount);
            if (part.Sequence.IsCancelRequested) _guard.OnCancelled(part.Sequence);
        }

        bool isDone = TryRun(static (engine, token) => engine._backend.Forward(engine._plan.Batch, engine._plan.Choices, token), stop, out Exception? fault);
        _guard.End();
        if (isDone) _sequences.Accept(_plan);
        else if (fault is not null) _sequences.Fault(_plan, fault);
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Whatever it is belongs to those whose rows were computed.")]
    private bool TryRun(Action<StepEngine, CancellationToken> pass, CancellationToken stop, out Exception? fault)
    {
        fault = null;
        try
        {
            pass(this, stop);
            return true;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return false;
        }
        catch (Exception exception)
        {
            fault = exception;
            return false;
        }
    }
}
