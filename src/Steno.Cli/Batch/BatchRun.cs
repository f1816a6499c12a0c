using System.Diagnostics;
using Steno.Cli.Commands;
using Steno.Cli.Output;

namespace Steno.Cli.Batch;

/// <summary>A folder run as the command line shows it: warnings and faults, then progress, then a table.</summary>
internal sealed class BatchRun(FolderPlan plan, bool isRecursive, bool isForced, TranscribeOptions options, ErrorStream error, Verbosity verbosity)
{
    private readonly BatchTally _tally = new();
    private readonly Stopwatch _elapsed = Stopwatch.StartNew();

    /// <summary>Transcribes every input that can be and has to be.</summary>
    /// <param name="load">Loads the model; called only when there is something to transcribe.</param>
    /// <param name="cancellationToken">Stops the work; files that are finished stay.</param>
    /// <returns>Success, or the exit code of the first input that failed.</returns>
    public async Task<int> RunAsync(Func<AsrModel> load, CancellationToken cancellationToken)
    {
        foreach (string warning in plan.Warnings)
            error.WriteLine("steno: warning: " + OneLine.Of(warning));
        foreach (SourceFailure failure in plan.Failures)
            Fail(failure);

        var run = new FolderRun(plan, options, isForced);
        _tally.Skip(plan.Items.Count - run.Pending.Count);
        if (run.Pending.Count > 0)
        {
            run.MakeFolder();
            using AsrModel model = load();
            await TranscribeAsync(run, model, cancellationToken).ConfigureAwait(false);
        }

        if (verbosity != Verbosity.Silent)
        {
            foreach (string line in _tally.Table(_elapsed.Elapsed))
                error.WriteLine(line);
        }

        return _tally.ExitCode;
    }

    private async Task TranscribeAsync(FolderRun run, AsrModel model, CancellationToken cancellationToken)
    {
        var log = new TranscribeLog(error, verbosity == Verbosity.Debug ? Verbosity.Debug : Verbosity.Silent, hasHeartbeat: verbosity != Verbosity.Silent);
        log.Loaded(model.Info);
        long[] byteCounts = [.. run.Pending.Select(item => item.Source.ByteCount())];
        using var bar = new BatchProgress(error, verbosity, byteCounts);
        using var watched = new WatchedItem(log);
        try
        {
            await run.RunAsync(model, new Report(Hear), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (watched.Item is not null && !(exception is OperationCanceledException && cancellationToken.IsCancellationRequested))
        {
            throw TranscribeFaults.Of(watched.Item.Source, exception);
        }

        void Hear(FolderProgress progress)
        {
            watched.Hear(progress);
            if (progress.Transcript is { } transcript)
            {
                log.Complete(progress.Item.Source.Name, transcript, wasStreamed: false, isLanguageDetected: options.Language is null);
                _tally.Ok(transcript.Timings.Audio);
            }

            if (progress.Failure is { } failure) Fail(failure);
            if (progress.Phase is FolderPhase.Done or FolderPhase.Failed) bar.Finish(progress);
        }
    }

    private void Fail(SourceFailure failure)
    {
        CommandException exception = TranscribeFaults.Of(failure, isRecursive);
        _tally.Fail(exception);
        error.WriteFault(exception.Message, exception, verbosity == Verbosity.Debug);
    }

    // System.Progress calls back later, and from several threads.
    private sealed class Report(Action<FolderProgress> hear) : IProgress<FolderProgress>
    {
        void IProgress<FolderProgress>.Report(FolderProgress value) => hear(value);
    }
}
