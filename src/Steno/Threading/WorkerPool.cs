using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace Steno.Threading;

/// <summary>Persistent threads that run the items of one region of work after another; the caller works too, as worker 0.</summary>
/// <remarks>
/// How the work is cut into items is the caller's choice. Items run in any order, each on one thread: so results do not depend on the number of threads as
/// long as an item computes the same whoever runs it. Each worker starts with a range of items of its own and goes through it in ascending order, so that what
/// neighbouring items read is one long run of memory; one that has none left takes items of another's range.
/// <para>
/// A region is published in <see cref="_state"/>: the region's number in the upper 32 bits, then an open flag, then the count of helpers
/// that joined. A helper joins with one compare-and-swap, which fails once the caller has closed the region; so the caller waits only for
/// helpers that are really at work, and one that is late, or descheduled, costs nothing. The fields of the region are written before
/// <see cref="_state"/> opens it and not again until every joined helper has left, hence a helper that joined may read them.
/// </para>
/// <para>
/// Helpers reach the work through a pointer to the caller's stack, where it does not move; references inside it stay visible to the garbage
/// collector, since the caller's frame holds it until the region is closed.
/// </para>
/// <para>
/// Safe for concurrent use: callers take turns in the order in which they asked. A turn is one region, or as many as a caller makes between
/// <see cref="TurnQueue.Take"/> and the turn's end.
/// </para>
/// </remarks>
internal sealed unsafe class WorkerPool : IDisposable
{
    private const long OpenFlag = 1L << 31;

    private const long JoinedMask = OpenFlag - 1;

    // About 30 microseconds (SpinWait is normalised to some 37 ns a turn): longer than the gap between two regions of a forward pass, shorter than anyone would notice as load.
    private const int SpinsBeforeParking = 400;

    private readonly object _parking = new();
    private readonly Thread[] _helpers;
    private readonly ItemRange[] _ranges;

    private long _state;
    private int _parkedCount;
    private int _leftCount;
    private volatile bool _isDisposed;

    private void* _work;
    private delegate*<void*, int, int, void> _run;
    private int _rangeCount;
    private CancellationToken _cancellation;
    private volatile ExceptionDispatchInfo? _fault;

    /// <summary>Starts the threads.</summary>
    /// <param name="threadCount">Threads that compute, the caller included; at least 1.</param>
    public WorkerPool(int threadCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threadCount, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(threadCount, MaxThreadCount);
        ThreadCount = threadCount;
        _ranges = new ItemRange[threadCount];
        _helpers = new Thread[threadCount - 1];
        for (int i = 0; i < _helpers.Length; i++)
        {
            int worker = i + 1;
            _helpers[i] = new Thread(() => Help(worker)) { IsBackground = true, Name = $"Steno worker {worker}" };
            _helpers[i].Start();
        }
    }

    /// <summary>Most threads that a pool may have.</summary>
    public static int MaxThreadCount => 1024;

    /// <summary>The pool that models share by default: one thread for each processor that the process may use, up to <see cref="MaxThreadCount"/>.</summary>
    public static WorkerPool Shared { get; } = new(DefaultThreadCount);

    /// <summary>Threads of a pool for all processors that the process may use.</summary>
    public static int DefaultThreadCount => Math.Min(Environment.ProcessorCount, MaxThreadCount);

    /// <summary>Threads that compute, the caller included.</summary>
    public int ThreadCount { get; }

    /// <summary>Turns of the callers. Regions that a thread runs while it has the turn, such as all of an engine's step, follow each other without another wait.</summary>
    public TurnQueue Turns { get; } = new();

    /// <summary>Helpers that sleep at this moment.</summary>
    public int ParkedThreadCount => Volatile.Read(ref _parkedCount);

    /// <summary>Runs all items and returns when they are done.</summary>
    /// <param name="work">The work; all items share one copy.</param>
    /// <param name="itemCount">Number of items.</param>
    /// <param name="cancellationToken">Checked before each item.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled; some items did not run.</exception>
    public void Run<TWork>(TWork work, int itemCount, CancellationToken cancellationToken)
        where TWork : struct, IParallelWork
    {
        if (ThreadCount == 1 || itemCount <= 1)
        {
            for (int item = 0; item < itemCount; item++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                work.Run(item, worker: 0);
            }

            return;
        }

        using (Turns.Take(cancellationToken))
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            _work = Unsafe.AsPointer(ref work);
            _run = &Invoke<TWork>;
            CutRanges(itemCount);
            _leftCount = 0;
            _cancellation = cancellationToken;
            OpenRegion();
            RunItems(worker: 0);
            CloseRegion();
            ExceptionDispatchInfo? fault = _fault;
            _fault = null;
            fault?.Throw();
        }

        cancellationToken.ThrowIfCancellationRequested();
    }

    public void Dispose()
    {
        using (Turns.Take(CancellationToken.None))
        {
            if (_isDisposed) return;
            _isDisposed = true;
            lock (_parking) Monitor.PulseAll(_parking);
        }

        foreach (Thread helper in _helpers) helper.Join();
    }

    private static void Invoke<TWork>(void* work, int item, int worker)
        where TWork : struct, IParallelWork =>
        Unsafe.AsRef<TWork>(work).Run(item, worker);

    private void CutRanges(int itemCount)
    {
        _rangeCount = Math.Min(ThreadCount, itemCount);
        for (int i = 0; i < _rangeCount; i++)
        {
            _ranges[i].Next = (int)((long)i * itemCount / _rangeCount);
            _ranges[i].End = (int)((i + 1L) * itemCount / _rangeCount);
        }
    }

    private void OpenRegion()
    {
        long regionNumber = (Volatile.Read(ref _state) >> 32) + 1;
        Interlocked.Exchange(ref _state, (regionNumber << 32) | OpenFlag);

        // The exchange above is a full fence, and a helper counts itself as parked before it looks at the state a last time:
        // either it sees the open region or this read sees it parked.
        if (Volatile.Read(ref _parkedCount) > 0)
        {
            lock (_parking) Monitor.PulseAll(_parking);
        }
    }

    private void CloseRegion()
    {
        long joined = Interlocked.And(ref _state, ~OpenFlag) & JoinedMask;
        var spinner = new SpinWait();
        while (Volatile.Read(ref _leftCount) < joined) spinner.SpinOnce(sleep1Threshold: -1);
    }

    private void RunItems(int worker)
    {
        try
        {
            // A range without items stays so: each is left once.
            for (int i = 0; i < _rangeCount; i++)
            {
                ref ItemRange range = ref _ranges[(worker + i) % _rangeCount];
                while (!_cancellation.IsCancellationRequested && _fault is null)
                {
                    int item = Interlocked.Increment(ref range.Next) - 1;
                    if (item >= range.End) break;
                    _run(_work, item, worker);
                }
            }
        }
#pragma warning disable CA1031 // Rethrown to the caller, whichever thread it happened on.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            Interlocked.CompareExchange(ref _fault, ExceptionDispatchInfo.Capture(fault), null);
        }
    }

    private void Help(int worker)
    {
        long lastRegion = 0;
        while (WaitForRegion(lastRegion))
        {
            long state = Volatile.Read(ref _state);
            lastRegion = state >> 32;
            while ((state & OpenFlag) != 0 && state >> 32 == lastRegion)
            {
                long before = Interlocked.CompareExchange(ref _state, state + 1, state);
                if (before == state)
                {
                    RunItems(worker);
                    Interlocked.Increment(ref _leftCount);
                    break;
                }

                state = before;
            }
        }
    }

    // Returns once a region other than the given one was opened; false when the pool is disposed.
    private bool WaitForRegion(long lastRegion)
    {
        for (int i = 0; i < SpinsBeforeParking; i++)
        {
            if (_isDisposed) return false;
            if (Volatile.Read(ref _state) >> 32 != lastRegion) return true;
            Thread.SpinWait(2);
        }

        lock (_parking)
        {
            Interlocked.Increment(ref _parkedCount);
            while (Volatile.Read(ref _state) >> 32 == lastRegion && !_isDisposed) Monitor.Wait(_parking);
            Interlocked.Decrement(ref _parkedCount);
        }

        return !_isDisposed;
    }

    /// <summary>Items that one worker starts with, on two cache lines of its own: processors fetch lines in pairs.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 128)]
    private struct ItemRange
    {
        /// <summary>The item that is taken next.</summary>
        public int Next;

        /// <summary>The item behind the last.</summary>
        public int End;
    }
}
