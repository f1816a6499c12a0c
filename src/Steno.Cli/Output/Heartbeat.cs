using System.Diagnostics;
using System.Globalization;

namespace Steno.Cli.Output;

/// <summary>Says every half minute that work goes on, where no terminal shows it: a log that is silent for an hour looks like a process that hangs.</summary>
internal sealed class Heartbeat : IDisposable
{
    private static readonly TimeSpan DefaultPeriod = TimeSpan.FromSeconds(30);

    private readonly Stopwatch _elapsed = Stopwatch.StartNew();
    private readonly Timer? _timer;

    /// <summary>Begins.</summary>
    /// <param name="error">Where lines go.</param>
    /// <param name="isWanted">False to say nothing.</param>
    /// <param name="describe">What is done, given the time since the beginning as text; null where it shows in another way.</param>
    /// <param name="period">Time between two lines; null for half a minute.</param>
    public Heartbeat(ErrorStream error, bool isWanted, Func<string, string?> describe, TimeSpan? period = null)
    {
        if (isWanted && !ErrorStream.IsTerminal)
            _timer = new Timer(_ => Beat(), null, period ?? DefaultPeriod, period ?? DefaultPeriod);

        void Beat()
        {
            if (describe(Clock(_elapsed.Elapsed)) is { } line) error.WriteLine(OneLine.Of(line));
        }
    }

    /// <summary>Ends it; no line comes afterwards.</summary>
    public void Dispose()
    {
        if (_timer is null) return;
        using var stopped = new ManualResetEvent(initialState: false);
        if (_timer.Dispose(stopped)) stopped.WaitOne();
    }

    private static string Clock(TimeSpan elapsed)
    {
        var time = TimeSpan.FromSeconds(Math.Round(elapsed.TotalSeconds));
        return string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours}:{time.Minutes:D2}:{time.Seconds:D2}");
    }
}
