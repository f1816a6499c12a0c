namespace Steno.Threading;

/// <summary>Gives one thread after the other its turn, in the order in which they asked.</summary>
/// <remarks>A lock would let the thread that has just left it take it again before one that sleeps wakes up.</remarks>
internal sealed class TurnQueue
{
    // How soon a thread that waits sees that it was cancelled.
    private const int CancellationCheckMilliseconds = 10;

    private readonly object _lock = new();
    private readonly HashSet<long> _abandoned = [];
    private long _nextTicket;
    private long _servedTicket;
    private int _holder;

    /// <summary>Threads that wait at this moment.</summary>
    public int WaitingCount
    {
        get
        {
            lock (_lock) return (int)(_nextTicket - _servedTicket) - _abandoned.Count - (_holder != 0 ? 1 : 0);
        }
    }

    /// <summary>Waits until all who asked before have had their turn; a thread that has the turn keeps it.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The turn, to be disposed by the same thread.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled before the turn came.</exception>
    public Turn Take(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _holder) == Environment.CurrentManagedThreadId) return default;
        lock (_lock)
        {
            long ticket = _nextTicket++;
            while (ticket != _servedTicket)
            {
                if (cancellationToken.IsCancellationRequested)
                {
                    _abandoned.Add(ticket);
                    throw new OperationCanceledException(cancellationToken);
                }

                Monitor.Wait(_lock, cancellationToken.CanBeCanceled ? CancellationCheckMilliseconds : Timeout.Infinite);
            }

            _holder = Environment.CurrentManagedThreadId;
        }

        return new Turn(this);
    }

    /// <summary>Ends the calling thread's turn: for <see cref="Turn"/>.</summary>
    public void Leave()
    {
        lock (_lock)
        {
            _holder = 0;
            do _servedTicket++;
            while (_abandoned.Remove(_servedTicket));
            Monitor.PulseAll(_lock);
        }
    }
}
