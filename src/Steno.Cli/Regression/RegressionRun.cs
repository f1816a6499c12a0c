using System.Diagnostics;
using Steno.Cli.Commands;
using Steno.Cli.Output;
using Steno.Scoring;

namespace Steno.Cli.Regression;

/// <summary>Runs the recordings of a folder in one way or several and compares what is written; a fault of a recording does not stop the rest.</summary>
/// <param name="plan">The recordings.</param>
/// <param name="ways">How to run them; the texts of the first are compared with the right ones, those of the others with the first.</param>
/// <param name="thresholds">What is allowed.</param>
/// <param name="lines">Takes the lines of the run.</param>
/// <param name="log">Takes warnings and signs of life.</param>
internal sealed class RegressionRun(RegressionPlan plan, IReadOnlyList<RegressionWay> ways, RegressionThresholds thresholds, RegressionLog lines, TranscribeLog log)
{
    private readonly Stopwatch _elapsed = Stopwatch.StartNew();
    private readonly List<RegressionResult> _results = [];
    private readonly List<CommandException> _faults = [];
    private readonly ReferenceTexts _texts = new();

    /// <summary>Runs and compares.</summary>
    /// <param name="load">Loads the model; called only when there is something to run.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public async Task<RegressionSummary> RunAsync(Func<AsrModel> load, CancellationToken cancellationToken)
    {
        foreach (CommandException fault in plan.Faults) Fail(fault);
        if (plan.Items.Count > 0)
        {
            using AsrModel model = load();
            log.Loaded(model.Info);
            await CompareAsync(model, cancellationToken).ConfigureAwait(false);
            foreach (RegressionWay way in ways.Skip(1)) await RepeatAsync(model, way, cancellationToken).ConfigureAwait(false);
        }

        var summary = new RegressionSummary(_results, _faults, thresholds, _elapsed.Elapsed);
        lines.End(summary);
        return summary;
    }

    private async Task CompareAsync(AsrModel model, CancellationToken cancellationToken)
    {
        using var queue = new WayQueue(model, ways[0], plan.Items, cancellationToken);
        foreach (RegressionItem item in plan.Items)
        {
            lines.Start(item);
            if (await UnlessFaultyAsync(() => CompareAsync(queue, item, cancellationToken)).ConfigureAwait(false) is not { } result) continue;
            _results.Add(result);
            lines.Done(result);
        }
    }

    private async Task<RegressionResult> CompareAsync(WayQueue queue, RegressionItem item, CancellationToken cancellationToken)
    {
        // Another recording of the same name may have had it written meanwhile.
        string? expected = item.HasText || !plan.IsGenerating ? ReferenceTexts.Read(item.TextPath) : null;
        Transcript transcript = await TranscribeAsync(queue, item, cancellationToken).ConfigureAwait(false);
        if (expected is null) Generate(item, transcript);
        TextScore? score = expected is null ? null : TextScore.Of(expected, transcript.Text, cancellationToken);
        return new RegressionResult(item)
        {
            Expected = expected,
            Text = transcript.Text,
            Score = score,
            IsWithin = score is null || thresholds.Allow(score.Value),
            Audio = transcript.Timings.Audio,
            Time = transcript.Timings.Total,
        };
    }

    private async Task RepeatAsync(AsrModel model, RegressionWay way, CancellationToken cancellationToken)
    {
        RegressionResult[] results = [.. _results.Where(result => !result.IsFaulty)];
        using var queue = new WayQueue(model, way, results.Select(result => result.Item), cancellationToken);
        foreach (RegressionResult result in results)
        {
            lines.Start(result.Item, way.Name);
            if (await UnlessFaultyAsync(() => RepeatAsync(queue, result, cancellationToken)).ConfigureAwait(false) is not { } other)
            {
                result.IsFaulty = true;
                continue;
            }

            result.Add(other);
            lines.Done(result, other);
        }
    }

    private async Task<WayResult> RepeatAsync(WayQueue queue, RegressionResult result, CancellationToken cancellationToken)
    {
        Transcript transcript = await TranscribeAsync(queue, result.Item, cancellationToken).ConfigureAwait(false);
        return new WayResult(queue.Way.Name, transcript.Text, TextScore.Of(result.Text, transcript.Text, cancellationToken), transcript.Timings.Total);
    }

    // Null after a fault of one recording or of its text; all others end the run.
    private async Task<T?> UnlessFaultyAsync<T>(Func<Task<T>> work)
        where T : class
    {
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (CommandException exception) when (exception.ExitCode is ExitCode.Audio or ExitCode.Output)
        {
            Fail(exception);
            return null;
        }
    }

    private async Task<Transcript> TranscribeAsync(WayQueue queue, RegressionItem item, CancellationToken cancellationToken)
    {
        using IDisposable watch = log.Watch(item.Source.Name);
        try
        {
            Transcript transcript = await queue.TakeAsync(item).ConfigureAwait(false);
            log.Complete(item.Source.Name, transcript, wasStreamed: false, isLanguageDetected: queue.Way.Options.Language is null);
            return transcript;
        }
        catch (Exception exception) when (!(exception is OperationCanceledException && cancellationToken.IsCancellationRequested))
        {
            throw TranscribeFaults.Of(item.Source, exception);
        }
    }

    // A text that is known to be incomplete would be a wrong measure of all that comes.
    private void Generate(RegressionItem item, Transcript transcript)
    {
        if (transcript.IsTruncated)
            throw new CommandException(ExitCode.Output, $"{item.TextPath}: is not written: the text of {item.Source.Name} is incomplete, since the token limit was reached (see --max-tokens)");
        _texts.Write(item.TextPath, transcript.Text);
    }

    private void Fail(CommandException fault)
    {
        _faults.Add(fault);
        log.Error(fault);
    }
}
