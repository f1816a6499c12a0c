using System.Diagnostics;
using System.Globalization;

namespace Steno.Cli.Output;

/// <summary>Tells how far a pull is: a bar that is drawn over itself on a terminal, plain lines anywhere else.</summary>
internal sealed class PullLog(ErrorStream error) : IProgress<PullProgress>
{
    private const int BarWidth = 24;

    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(10);

    private readonly Stopwatch _elapsed = Stopwatch.StartNew();
    private TimeSpan _lastLine;
    private bool _isAnnounced;

    public void Report(PullProgress value)
    {
        switch (value.Phase)
        {
            case PullPhase.Waiting or PullPhase.Retrying:
                Say(OneLine.Of(value.Message ?? ""));
                break;
            case PullPhase.FileDone:
                Say($"{OneLine.Of(value.File ?? "")}: complete ({value.FilesDone} of {value.FilesTotal} files)");
                break;
            case PullPhase.Fetching:
                Fetching(value);
                break;
            default:
                break;
        }
    }

    public void Complete(InstalledModel model) =>
        Say($"{model.Name} is installed: {model.FileCount} files, {Sizes.Text(model.SizeBytes)}, commit {model.Commit}");

    /// <summary>Takes the bar away.</summary>
    public void EndLine() => error.ShowStatus("");

    private void Fetching(PullProgress value)
    {
        if (!_isAnnounced)
        {
            _isAnnounced = true;
            Say($"{value.FilesTotal} files, {Sizes.Text(value.BytesTotal)}");
        }

        if (ErrorStream.IsTerminal) error.ShowStatus(Bar(value));
        else if (_elapsed.Elapsed - _lastLine >= LineInterval) Say(Status(value));
    }

    private void Say(string line)
    {
        _lastLine = _elapsed.Elapsed;
        error.WriteLine(line);
    }

    private string Bar(PullProgress value)
    {
        int filled = (int)(Share(value) * BarWidth);
        return "[" + new string('#', filled) + new string('.', BarWidth - filled) + "] " + Status(value);
    }

    private string Status(PullProgress value)
    {
        double rate = value.BytesFetched / Math.Max(_elapsed.Elapsed.TotalSeconds, 0.001);
        string rest = rate < 1 ? "" : ", " + Remaining(TimeSpan.FromSeconds(Math.Min((value.BytesTotal - value.BytesDone) / rate, 359_999))) + " left";
        return string.Create(CultureInfo.InvariantCulture, $"{Share(value) * 100:F0} %, {Sizes.Text(value.BytesDone)} of {Sizes.Text(value.BytesTotal)}, {Sizes.Text(rate)}/s{rest}");
    }

    private static double Share(PullProgress value) =>
        value.BytesTotal == 0 ? 1 : Math.Clamp((double)value.BytesDone / value.BytesTotal, 0, 1);

    private static string Remaining(TimeSpan time) => time.TotalHours >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours}:{time.Minutes:D2}:{time.Seconds:D2}")
        : string.Create(CultureInfo.InvariantCulture, $"{time.Minutes}:{time.Seconds:D2}");
}
