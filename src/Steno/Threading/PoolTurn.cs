namespace Steno.Threading;

/// <summary>A thread's turn with a <see cref="WorkerPool"/>; disposing it ends the turn, on the thread that took it.</summary>
internal readonly struct PoolTurn : IDisposable
{
    private readonly TurnQueue? _turns;

    /// <summary>Begins a turn that was waited for.</summary>
    /// <param name="turns">The queue to leave; null where an outer turn of the same thread goes on.</param>
    public PoolTurn(TurnQueue? turns) => _turns = turns;

    public void Dispose() => _turns?.Leave();
}
