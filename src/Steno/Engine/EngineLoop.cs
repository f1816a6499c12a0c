using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Steno.Threading;

namespace Steno.Engine;

/// <summary>The one thread that computes with a model, for any number of callers. They hand in clips and sequences, and hear of the results through tasks.</summary>
/// <remarks>
/// The thread starts with the first work. It is the only one that touches the <see cref="StepEngine"/>; all others leave requests in an inbox, which
/// it empties before each step. No code of a caller runs on it but stop rules.
/// </remarks>
internal sealed class EngineLoop : IDisposable
{
    /// <summary>Most clips and sequences that may be under way; more are refused.</summary>
    public const int MaxPending = 4096;

    private static readonly TimeSpan TrimInterval = TimeSpan.FromMinutes(1);

    private readonly StepEngine _engine;
    private readonly TurnQueue _turns;
    private readonly ConcurrentQueue<Action<StepEngine>> _inbox = new();
    private readonly SemaphoreSlim _wake = new(0);
    private readonly Thread _thread;
    private int _pendingCount;
    private int _isStarted;
    private volatile bool _isDisposed;
    private long _lastTrim = Stopwatch.GetTimestamp();

    /// <summary>Prepares the loop.</summary>
    /// <param name="engine">What computes; the loop owns it.</param>
    /// <param name="turns">Of all who compute on the same threads.</param>
    public EngineLoop(StepEngine engine, TurnQueue turns)
    {
        _engine = engine;
        _turns = turns;
        _thread = new Thread(Run) { IsBackground = true, Name = "Steno engine" };
    }

    /// <summary>Clips and sequences under way.</summary>
    public int PendingCount => Volatile.Read(ref _pendingCount);

    /// <summary>Encodes a clip.</summary>
    /// <param name="job">The clip.</param>
    /// <param name="cancellationToken">Drops it.</param>
    /// <returns>Its windows, which the caller has to release.</returns>
    /// <exception cref="EngineBusyException">Too much is under way.</exception>
    public async Task<IReadOnlyList<EncodedWindow>> EncodeAsync(EncodeJob job, CancellationToken cancellationToken)
    {
        try
        {
            BeginPending();
        }
        catch
        {
            job.End(new OperationCanceledException());
            throw;
        }

        using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(
            (_, token) =>
            {
                job.RequestCancel(token);
                OnCancelled(job);
            },
            state: null);
        Post(engine => engine.Add(job));
        try
        {
            return await job.Completion.ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref _pendingCount);
        }
    }

    /// <summary>Starts a sequence.</summary>
    /// <param name="spec">What it begins with.</param>
    /// <param name="cancellationToken">Drops it.</param>
    /// <exception cref="EngineBusyException">Too much is under way.</exception>
    public Sequence Start(SequenceSpec spec, CancellationToken cancellationToken)
    {
        var sequence = new Sequence(spec);
        BeginPending();
        CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(
            (_, token) =>
            {
                sequence.RequestCancel(token);
                OnCancelled(sequence);
            },
            state: null);
        Post(engine => engine.Add(sequence));
        _ = sequence.Completion.ContinueWith(
            _ =>
            {
                registration.Dispose();
                Interlocked.Decrement(ref _pendingCount);
            },
            CancellationToken.None,
            TaskContinuationOptions.None,
            TaskScheduler.Default);
        return sequence;
    }

    /// <summary>Gives back what a sequence left.</summary>
    public void Drop(RetainedPrefix prefix) => Post(engine => engine.Drop(prefix));

    /// <summary>Runs an action on the engine's thread between two steps; its exception is the task's.</summary>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "It is the caller's.")]
    public async Task InvokeAsync(Action<StepEngine> action)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(engine =>
        {
            try
            {
                action(engine);
                done.SetResult();
            }
            catch (Exception exception)
            {
                done.SetException(exception);
            }
        });
        await done.Task.ConfigureAwait(false);
    }

    /// <summary>Ends what is under way with an <see cref="ObjectDisposedException"/>, and waits for the thread.</summary>
    public void Dispose()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        if (Interlocked.Exchange(ref _isStarted, 1) == 0) _engine.Dispose();
        else
        {
            _wake.Release();
            _thread.Join();
        }

        _wake.Dispose();
    }

    private void BeginPending()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (Interlocked.Increment(ref _pendingCount) <= MaxPending) return;
        Interlocked.Decrement(ref _pendingCount);
        throw new EngineBusyException($"The model has {MaxPending} clips and sequences under way and takes on no more; try again when some have ended.");
    }

    private void OnCancelled(object owner)
    {
        _engine.OnCancelled(owner);
        Post(static _ => { });
    }

    private void Post(Action<StepEngine> request)
    {
        if (_isDisposed) return;
        _inbox.Enqueue(request);
        if (Interlocked.Exchange(ref _isStarted, 1) == 0) _thread.Start();
        else if (_wake.CurrentCount == 0) _wake.Release();
    }

    private void Run()
    {
        while (!_isDisposed)
        {
            while (_inbox.TryDequeue(out Action<StepEngine>? request)) request(_engine);
            bool hasWorked = Step();
            if (Stopwatch.GetElapsedTime(_lastTrim) >= TrimInterval) Trim();
            if (!hasWorked && _inbox.IsEmpty) _wake.Wait(_engine.WorkingBytes > 0 ? TrimInterval : Timeout.InfiniteTimeSpan);
        }

        while (_inbox.TryDequeue(out Action<StepEngine>? request)) request(_engine);
        _engine.Dispose();
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "The thread has to live on for the work of others.")]
    private bool Step()
    {
        if (!_engine.HasWork) return false;
        using Turn turn = _turns.Take(CancellationToken.None);
        try
        {
            return _engine.Step();
        }
        catch (Exception exception)
        {
            _engine.EndAll(exception);
            return true;
        }
    }

    private void Trim()
    {
        _engine.Trim();
        _lastTrim = Stopwatch.GetTimestamp();
    }
}
