namespace Steno;

/// <summary>Transcribes many recordings into a folder; what fails does not stop the rest, and what is done is not done again.</summary>
internal sealed class FolderRun
{
    private readonly FolderPlan _plan;
    private readonly TranscribeOptions _options;

    /// <summary>Finds out what has to be done.</summary>
    /// <param name="plan">The recordings, and where their transcripts go.</param>
    /// <param name="options">What to do with each.</param>
    /// <param name="redoes">True to transcribe what is done already.</param>
    public FolderRun(FolderPlan plan, TranscribeOptions options, bool redoes)
    {
        _plan = plan;
        _options = options;
        Pending = [.. plan.Items.Where(item => redoes || !item.IsDone(plan.Formats))];
    }

    /// <summary>What has to be transcribed, in its order; the rest of the plan is done.</summary>
    public IReadOnlyList<FolderItem> Pending { get; }

    /// <summary>Makes the folder: worth knowing before a model is loaded that it can be made.</summary>
    /// <exception cref="OutputException">It cannot.</exception>
    public void MakeFolder() => OutputFolder.Make(_plan.OutputFolder);

    /// <summary>Transcribes what is pending, several recordings together. Faults of a recording or its outputs are reported; all others end the run.</summary>
    /// <param name="model">The model.</param>
    /// <param name="progress">Hears of each recording, in their order and one call at a time.</param>
    /// <param name="cancellationToken">Stops the work; files that are finished stay.</param>
    public async Task RunAsync(AsrModel model, IProgress<FolderProgress> progress, CancellationToken cancellationToken)
    {
        using var ahead = new TranscriptionsAhead(model, Pending.Select(item => item.Source), _ => _options, cancellationToken);
        for (int i = 0; i < Pending.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            FolderItem item = Pending[i];
            FolderProgress end;
            try
            {
                end = await TranscribeAsync(ahead, item, i, progress, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception) when (SourceFailure.Of(item.Source, exception) is { Fault: not SourceFault.Model } failure)
            {
                end = new FolderProgress(FolderPhase.Failed, item, i) { Failure = failure };
            }

            progress.Report(end);
        }
    }

    private async Task<FolderProgress> TranscribeAsync(TranscriptionsAhead ahead, FolderItem item, int index, IProgress<FolderProgress> progress, CancellationToken cancellationToken)
    {
        FolderItemFiles files;
        try
        {
            files = new FolderItemFiles(item, _plan.Formats);
        }
        catch (OutputException exception)
        {
            return new FolderProgress(FolderPhase.Failed, item, index) { Failure = new SourceFailure(SourceFault.Output, exception.Message, exception) };
        }

        using (files)
        {
            progress.Report(new FolderProgress(FolderPhase.Started, item, index));
            using StartedTranscription started = ahead.Take(item.Source);
            await foreach (string piece in started.Transcription.WithCancellation(cancellationToken).ConfigureAwait(false))
                progress.Report(new FolderProgress(FolderPhase.Decoded, item, index) { Piece = piece });

            Transcript transcript = await started.Transcription.Completion.ConfigureAwait(false);
            files.Write(item.Source, ahead.Model.Info, transcript);
            return new FolderProgress(FolderPhase.Done, item, index) { Transcript = transcript };
        }
    }
}
