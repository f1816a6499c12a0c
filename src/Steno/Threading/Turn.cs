namespace Steno.Threading;

/// <summary>A thread's turn in a <see cref="TurnQueue"/>; disposing it ends the turn, on the thread that took it.</summary>
internal readonly struct Turn : IDisposable
{
    private readonly TurnQueue? _queue;

    /// <summary>Begins a turn that was waited for.</summary>
    /// <param name="queue">The queue to leave; null where an outer turn of the same thread goes on.</param>
    public Turn(TurnQueue? queue) => _queue = queue;

    public void Dispose() => _queue?.Leave();
}
