using System.Diagnostics;
using System.Globalization;

namespace Steno.Cli.Output;

/// <summary>Tells how far an export is: a bar that is drawn over itself on a terminal, plain lines anywhere else; then what was written.</summary>
internal sealed class ExportLog(ErrorStream error) : IProgress<ExportProgress>
{
    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan BarInterval = TimeSpan.FromMilliseconds(100);

    private readonly Stopwatch _elapsed = Stopwatch.StartNew();
    private TimeSpan? _writingSince;
    private TimeSpan _last;
    private string? _audio;

    /// <summary>Whether lines tell how much is written.</summary>
    public bool IsWriting => _writingSince is not null;

    public void Report(ExportProgress value)
    {
        if (value.Phase == ExportPhase.Calibrating && value.Audio is { } audio && audio != _audio)
        {
            _audio = audio;
            error.WriteLine("Calibrating with " + OneLine.Of(audio));
        }

        if (value.Phase != ExportPhase.Writing) return;
        TimeSpan now = _elapsed.Elapsed;
        if (_writingSince is null) _writingSince = _last = now;
        if (now - _last < (ErrorStream.IsTerminal ? BarInterval : LineInterval)) return;
        _last = now;
        var progress = new ByteProgress(value.BytesDone, value.BytesTotal, value.BytesDone / Math.Max((now - _writingSince.Value).TotalSeconds, 0.001));
        if (ErrorStream.IsTerminal) error.ShowStatus(progress.Bar);
        else error.WriteLine(progress.Status);
    }

    /// <summary>Takes the bar away.</summary>
    public void EndLine() => error.ShowStatus("");

    public void Complete(ExportedModel model)
    {
        foreach (ExportedWeights weights in model.Weights)
            error.WriteLine($"{weights.Type,-5} {weights.TensorCount,4} tensors  {Sizes.Text(weights.SizeBytes)}" + Reason(weights));
        string time = string.Create(CultureInfo.InvariantCulture, $"{_elapsed.Elapsed.TotalSeconds:F1} s");
        error.WriteLine($"{Sizes.Text(model.Files.Sum(file => file.SizeBytes))} written in {time}");
    }

    private static string Reason(ExportedWeights weights) =>
        weights.InsteadOf is { } wanted ? $"  in place of {wanted}: their rows are no whole number of its blocks" : "";
}
