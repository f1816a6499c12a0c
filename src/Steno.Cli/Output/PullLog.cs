using System.Diagnostics;

namespace Steno.Cli.Output;

/// <summary>Tells how far a pull is: a bar that is drawn over itself on a terminal, plain lines anywhere else.</summary>
internal sealed class PullLog(ErrorStream error) : IProgress<PullProgress>
{
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

        var progress = new ByteProgress(value.BytesDone, value.BytesTotal, value.BytesFetched / Math.Max(_elapsed.Elapsed.TotalSeconds, 0.001));
        if (ErrorStream.IsTerminal) error.ShowStatus(progress.Bar);
        else if (_elapsed.Elapsed - _lastLine >= LineInterval) Say(progress.Status);
    }

    private void Say(string line)
    {
        _lastLine = _elapsed.Elapsed;
        error.WriteLine(line);
    }

    /// <summary>Tells of the packed file.</summary>
    public void Packed(PackedModelFile packed) => error.WriteLine($"Packed for a quick start: {Sizes.Text(packed.ByteCount)} (--no-pack leaves it out)");

    /// <summary>Tells that there is none, which is no fault.</summary>
    public void NotPacked(string reason) => error.WriteLine($"Not packed for a quick start: {OneLine.Of(reason)}");
}
