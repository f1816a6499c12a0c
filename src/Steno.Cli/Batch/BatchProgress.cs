using System.Diagnostics;
using System.Globalization;
using Steno.Cli.Output;

namespace Steno.Cli.Batch;

/// <summary>How far a run is: a bar at the foot of a terminal, or a line for each file where there is none.</summary>
internal sealed class BatchProgress : IDisposable
{
    private const int BarWidth = 16;

    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(500);

    private readonly ErrorStream _error;
    private readonly Verbosity _verbosity;
    private readonly IReadOnlyList<long> _byteCounts;
    private readonly long _totalBytes;
    private readonly Stopwatch _elapsed = Stopwatch.StartNew();
    private readonly Timer? _timer;
    private int _finishedCount;
    private long _finishedBytes;
    private int _failedCount;

    /// <summary>Begins to show progress.</summary>
    /// <param name="error">Where.</param>
    /// <param name="verbosity">Silent shows nothing.</param>
    /// <param name="byteCounts">Lengths of the files to transcribe: the measure of the work to come.</param>
    public BatchProgress(ErrorStream error, Verbosity verbosity, IReadOnlyList<long> byteCounts)
    {
        _error = error;
        _verbosity = verbosity;
        _byteCounts = byteCounts;
        _totalBytes = byteCounts.Sum();
        if (verbosity == Verbosity.Normal && ErrorStream.IsTerminal)
            _timer = new Timer(_ => Draw(), null, TimeSpan.Zero, Period);
    }

    /// <summary>The bar, short enough for a line of 80 characters.</summary>
    /// <param name="finishedCount">Files that are through.</param>
    /// <param name="fileCount">Files in all.</param>
    /// <param name="failedCount">Of those that are through.</param>
    /// <param name="share">Part of the work that is done, from 0 to 1.</param>
    /// <param name="elapsed">Time so far.</param>
    public static string Bar(int finishedCount, int fileCount, int failedCount, double share, TimeSpan elapsed)
    {
        int filled = (int)(share * BarWidth);
        string eta = share > 0 ? Clock(elapsed * ((1 - share) / share)) : "--:--";
        string failed = failedCount == 0 ? "" : $", {failedCount} failed";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"[{new string('#', filled)}{new string('-', BarWidth - filled)}] {share * 100:F0}% {finishedCount}/{fileCount}{failed}, {Clock(elapsed)}, ETA {eta}");
    }

    /// <summary>Takes note of a file that is through.</summary>
    public void Finish(FolderProgress end)
    {
        _failedCount += end.Failure is null ? 0 : 1;
        Interlocked.Add(ref _finishedBytes, _byteCounts[end.Index]);
        int number = Interlocked.Increment(ref _finishedCount);
        if (_timer is not null)
            Draw();
        else if (_verbosity != Verbosity.Silent && end.Transcript is { } transcript)
            _error.WriteLine($"[{number}/{_byteCounts.Count}] {OneLine.Of(end.Item.Source.Name)}: {StatisticsLine.Audio(transcript.Timings) ?? "no audio"}");
    }

    public void Dispose()
    {
        if (_timer is null) return;
        using (var stopped = new ManualResetEvent(initialState: false))
        {
            if (_timer.Dispose(stopped)) stopped.WaitOne();
        }

        _error.ShowStatus("");
    }

    private static string Clock(TimeSpan time) => time.TotalHours >= 100
        ? "over 99 h"
        : string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours}:{time.Minutes:D2}:{time.Seconds:D2}");

    private void Draw()
    {
        int finishedCount = Volatile.Read(ref _finishedCount);
        double share = _totalBytes > 0 ? (double)Interlocked.Read(ref _finishedBytes) / _totalBytes : (double)finishedCount / Math.Max(_byteCounts.Count, 1);
        _error.ShowStatus(Bar(finishedCount, _byteCounts.Count, _failedCount, Math.Clamp(share, 0, 1), _elapsed.Elapsed));
    }
}
