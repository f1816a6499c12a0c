namespace Steno.Engine;

/// <summary>Stops a pass when most of its rows belong to sequences or clips that were cancelled meanwhile; else it runs to its end, for the others.</summary>
/// <remarks>
/// A pass that is stopped costs the others their rows of it once more, so it is stopped only when what remains of it is sure to cost them more than
/// that on average: when at least half of the rows are of no use.
/// </remarks>
internal sealed class PassGuard : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<object, int> _rows = [];
    private CancellationTokenSource _source = new();
    private int _rowCount;
    private int _uselessCount;

    /// <summary>Begins a pass.</summary>
    /// <returns>Is cancelled when the pass is to be stopped.</returns>
    public CancellationToken Begin()
    {
        lock (_lock)
        {
            _rows.Clear();
            _rowCount = _uselessCount = 0;
            if (!_source.IsCancellationRequested) return _source.Token;
            _source.Dispose();
            _source = new CancellationTokenSource();
            return _source.Token;
        }
    }

    /// <summary>Notes that somebody has rows in the pass. Who was cancelled before that has to be told of afterwards.</summary>
    /// <param name="owner">A sequence or a clip.</param>
    /// <param name="rowCount">How many.</param>
    public void Add(object owner, int rowCount)
    {
        lock (_lock)
        {
            _rows[owner] = rowCount;
            _rowCount += rowCount;
        }
    }

    /// <summary>Ends the pass: what is cancelled from now on does not concern it.</summary>
    public void End()
    {
        lock (_lock) _rows.Clear();
    }

    /// <summary>Called from any thread when somebody was cancelled.</summary>
    public void OnCancelled(object owner)
    {
        lock (_lock)
        {
            if (!_rows.Remove(owner, out int rowCount)) return;
            _uselessCount += rowCount;
            if (2 * _uselessCount >= _rowCount) _source.Cancel();
        }
    }

    public void Dispose() => _source.Dispose();
}
