using System.Diagnostics;
using Steno.Cli.Commands;
using Steno.Cli.Input;
using Steno.Cli.Output;

namespace Steno.Cli.Batch;

/// <summary>Transcribes many files into a folder; what fails does not stop the rest, and what is done is not done again.</summary>
internal sealed class BatchRun(
    BatchPlan plan,
    string outputFolder,
    IReadOnlyList<TranscriptFormat> formats,
    bool isForced,
    TranscribeOptions options,
    ErrorStream error,
    Verbosity verbosity)
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
        foreach (CommandException failure in plan.Failures)
            Fail(failure);

        List<BatchItem> pending = [.. plan.Items.Where(IsPending)];
        if (pending.Count > 0)
        {
            BatchWriter.MakeFolder(outputFolder);
            using AsrModel model = load();
            await TranscribeAsync(model, pending, cancellationToken).ConfigureAwait(false);
        }

        if (verbosity != Verbosity.Silent)
        {
            foreach (string line in _tally.Table(_elapsed.Elapsed))
                error.WriteLine(line);
        }

        return _tally.ExitCode;
    }

    private bool IsPending(BatchItem item)
    {
        if (isForced || !item.IsDone(formats)) return true;
        _tally.Skip();
        return false;
    }

    private async Task TranscribeAsync(AsrModel model, List<BatchItem> pending, CancellationToken cancellationToken)
    {
        var log = new TranscribeLog(error, verbosity == Verbosity.Debug ? Verbosity.Debug : Verbosity.Silent, hasHeartbeat: verbosity != Verbosity.Silent);
        log.Loaded(model.Info);
        long[] byteCounts = [.. pending.Select(item => item.Input.ByteCount())];
        using var progress = new BatchProgress(error, verbosity, pending.Count, byteCounts.Sum());
        using var ahead = new TranscriptionsAhead(model, pending.Select(item => item.Input), _ => options, cancellationToken);
        for (int i = 0; i < pending.Count; i++)
        {
            BatchItem item = pending[i];
            Transcript? transcript = null;
            try
            {
                using var writer = new BatchWriter(item, formats);
                var run = new TranscribeRun([item.Input], options, writer, log);
                transcript = await run.TranscribeAsync(ahead, item.Input, cancellationToken).ConfigureAwait(false);
                _tally.Ok(transcript.Timings.Audio);
            }
            catch (CommandException exception) when (exception.ExitCode is ExitCode.Audio or ExitCode.Output || exception.InnerException is OutOfMemoryException)
            {
                Fail(exception);
            }

            progress.Finish(item, byteCounts[i], transcript);
        }
    }

    private void Fail(CommandException exception)
    {
        _tally.Fail(exception);
        error.WriteFault(exception.Message, exception, verbosity == Verbosity.Debug);
    }
}
