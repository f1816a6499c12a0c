namespace Steno.Cli.Regression;

/// <summary>Transcribes recordings, in their order, in one way.</summary>
internal sealed class WayQueue : IDisposable
{
    private readonly AsrModel _model;
    private readonly CancellationToken _cancellationToken;
    private readonly TranscriptionsAhead? _ahead;

    /// <summary>Begins.</summary>
    /// <param name="model">The model.</param>
    /// <param name="way">How.</param>
    /// <param name="items">All recordings, in the order in which they are taken.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public WayQueue(AsrModel model, RegressionWay way, IEnumerable<RegressionItem> items, CancellationToken cancellationToken)
    {
        _model = model;
        _cancellationToken = cancellationToken;
        Way = way;
        if (way.IsTogether) _ahead = new TranscriptionsAhead(model, items.Select(item => item.Source), _ => way.Options, cancellationToken);
    }

    public RegressionWay Way { get; }

    /// <summary>The transcript of a recording; those before it that nobody took are stopped.</summary>
    public async Task<Transcript> TakeAsync(RegressionItem item)
    {
        using StartedTranscription started = _ahead?.Take(item.Source) ?? new StartedTranscription(_model, item.Source, item.Source.ByteCount(), Way.Options, _cancellationToken);
        return await started.Transcription.Completion.ConfigureAwait(false);
    }

    public void Dispose() => _ahead?.Dispose();
}
