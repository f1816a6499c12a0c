using System.Diagnostics;

namespace Steno.Hub;

/// <summary>Adds up what several downloads do, and tells it in order: events at once, bytes at most ten times a second.</summary>
internal sealed class PullMeter(IProgress<PullProgress>? progress)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private long _lastReport;
    private int _filesDone;
    private int _filesTotal;
    private long _bytesDone;
    private long _bytesTotal;
    private long _bytesFetched;

    public void Begin(IReadOnlyList<HubFile> files)
    {
        lock (_lock)
        {
            _filesTotal = files.Count;
            _bytesTotal = files.Sum(file => file.SizeBytes);
            Report(PullPhase.Fetching, null, null);
        }
    }

    /// <summary>Bytes came, or were lost again.</summary>
    public void Advance(string file, long byteCount, bool isFetched)
    {
        lock (_lock)
        {
            _bytesDone += byteCount;
            if (isFetched) _bytesFetched += byteCount;
            if (Stopwatch.GetElapsedTime(_lastReport) >= Interval) Report(PullPhase.Fetching, file, null);
        }
    }

    public void FileDone(string file)
    {
        lock (_lock)
        {
            _filesDone++;
            Report(PullPhase.FileDone, file, null);
        }
    }

    public void Tell(PullPhase phase, string? file = null, string? message = null)
    {
        lock (_lock) Report(phase, file, message);
    }

    private void Report(PullPhase phase, string? file, string? message)
    {
        _lastReport = Stopwatch.GetTimestamp();
        progress?.Report(new PullProgress
        {
            Phase = phase,
            File = file,
            Message = message,
            FilesDone = _filesDone,
            FilesTotal = _filesTotal,
            BytesDone = _bytesDone,
            BytesTotal = _bytesTotal,
            BytesFetched = _bytesFetched,
        });
    }
}
