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
    private readonly int _fileCount;
    private readonly long _totalBytes;
    private readonly Stopwatch _elapsed = Stopwatch.StartNew();
    private readonly Timer? _timer;
    private int _finishedCount;
    private long _finishedBytes;
    private int _failedCount;

    /// <summary>Begins to show progress.</summary>
    /// <param name="error">Where.</param>
    /// <param name="verbosity">Silent shows nothing.</param>
    /// <param name="fileCount">Files to transcribe.</param>
    /// <param name="totalBytes">Length of all of them: the measure of the work to come.</param>
    public BatchProgress(ErrorStream error, Verbosity verbosity, int fileCount, long totalBytes)
    {
        _error = error;
        _verbosity = verbosity;
        _fileCount = fileCount;
        _totalBytes = totalBytes;
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

    public void Finish(BatchItem item, long byteCount, Transcript? transcript)
    {
        _failedCount += transcript is null ? 1 : 0;
        Interlocked.Add(ref _finishedBytes, byteCount);
        int number = Interlocked.Increment(ref _finishedCount);
        if (_timer is not null)
            Draw();
        else if (_verbosity != Verbosity.Silent && transcript is not null)
            _error.WriteLine($"[{number}/{_fileCount}] {OneLine.Of(item.Input.Name)}: {StatisticsLine.Audio(transcript.Timings) ?? "no audio"}");
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
        double share = _totalBytes > 0 ? (double)Interlocked.Read(ref _finishedBytes) / _totalBytes : (double)finishedCount / Math.Max(_fileCount, 1);
        _error.ShowStatus(Bar(finishedCount, _fileCount, _failedCount, Math.Clamp(share, 0, 1), _elapsed.Elapsed));
    }
}
