using System.Globalization;

namespace Steno.Cli.Batch;

/// <summary>What became of the inputs so far.</summary>
internal sealed class BatchTally
{
    private readonly List<string> _failures = [];

    public int OkCount { get; private set; }

    public int SkippedCount { get; private set; }

    public int FailedCount => _failures.Count;

    public TimeSpan Audio { get; private set; }

    /// <summary>Success, or the exit code of the first input that failed.</summary>
    public int ExitCode { get; private set; } = Cli.ExitCode.Success;

    public void Ok(TimeSpan audio)
    {
        OkCount++;
        Audio += audio;
    }

    public void Skip(int count) => SkippedCount += count;

    public void Fail(CommandException exception)
    {
        _failures.Add(exception.Message);
        if (ExitCode == Cli.ExitCode.Success) ExitCode = exception.ExitCode;
    }

    /// <summary>The table that ends a run.</summary>
    /// <param name="elapsed">Time of the run, loading of the model included.</param>
    public IEnumerable<string> Table(TimeSpan elapsed)
    {
        double audioMinutes = Audio.TotalMinutes;
        double speed = elapsed > TimeSpan.Zero ? audioMinutes / elapsed.TotalMinutes : 0;
        yield return Row("ok", OkCount, OkCount == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{audioMinutes:F2} min of audio in {elapsed.TotalMinutes:F2} min: {speed:F2} audio minutes per minute"));
        yield return Row("skipped", SkippedCount, SkippedCount == 0 ? "" : "done before: --force does them again");
        yield return Row("failed", FailedCount, "");
        foreach (string failure in _failures)
            yield return "  " + OneLine.Of(failure);
    }

    private static string Row(string name, int count, string comment) =>
        string.Create(CultureInfo.InvariantCulture, $"{name,-8}{count,7}  {comment}").TrimEnd();
}
