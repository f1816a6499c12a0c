namespace Steno.Hub;

/// <summary>Cancels work that makes next to no progress: each span of the timeout must bring some bytes, so that a trickle does not count.</summary>
internal sealed class StallTimer : IDisposable
{
    /// <summary>Bytes that count as progress.</summary>
    private const int ProgressBytes = 16 * 1024;

    private readonly CancellationTokenSource _source;
    private readonly CancellationToken _outer;
    private readonly TimeSpan _timeout;
    private long _pendingBytes;

    public StallTimer(TimeSpan timeout, CancellationToken cancellationToken)
    {
        _timeout = timeout;
        _outer = cancellationToken;
        _source = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _source.CancelAfter(timeout);
    }

    public CancellationToken Token => _source.Token;

    /// <summary>True when the time ran out, not when the work was cancelled from outside.</summary>
    public bool HasRunOut => _source.IsCancellationRequested && !_outer.IsCancellationRequested;

    public void Advance(int byteCount)
    {
        _pendingBytes += byteCount;
        if (_pendingBytes < ProgressBytes) return;
        Restart();
    }

    /// <summary>Begins a new span: what took the time was not the network.</summary>
    public void Restart()
    {
        _pendingBytes = 0;
        _source.CancelAfter(_timeout);
    }

    public void Dispose() => _source.Dispose();
}
