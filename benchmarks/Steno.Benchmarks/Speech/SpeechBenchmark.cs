using System.Diagnostics;
using System.Globalization;
using Steno.Audio;
using Steno.Benchmarks.Reports;
using Steno.Speech;
using Steno.Tests.Support;

namespace Steno.Benchmarks.Speech;

/// <summary>Errors and times of the speech detectors on composed talks.</summary>
/// <param name="folder">The folder <c>tiny-long</c>.</param>
/// <param name="length">Length of each talk.</param>
/// <param name="seed">Of the talks.</param>
internal sealed class SpeechBenchmark(string folder, TimeSpan length, int seed)
{
    private static readonly (string Name, TalkOptions Options)[] Conditions =
    [
        ("clean", new TalkOptions()),
        ("noise 20 dB below", new TalkOptions { NoiseBelow = 20 }),
        ("noise 10 dB below", new TalkOptions { NoiseBelow = 10 }),
        ("noise 5 dB below", new TalkOptions { NoiseBelow = 5 }),
        ("noise as loud", new TalkOptions { NoiseBelow = 0 }),
        ("music in pauses", new TalkOptions { HasMusic = true }),
        ("music, noise 10 dB below", new TalkOptions { HasMusic = true, NoiseBelow = 10 }),
    ];

    /// <summary>Runs all talks.</summary>
    /// <returns>A Markdown table.</returns>
    public string Run()
    {
        var composer = new TalkComposer(folder);
        var table = new MarkdownTable("talk", "silero: miss %", "false alarm %", "energy: miss %", "false alarm %", "silero: ms a minute", "energy: ms a minute");
        foreach ((string name, TalkOptions options) in Conditions)
        {
            Talk talk = composer.Compose(options with { Seed = seed, Length = length });
            (SpeechErrors silero, double sileroTime) = Measure(talk, new SileroDetector());
            (SpeechErrors energy, double energyTime) = Measure(talk, new EnergyDetector());
            table.Add(name, Percent(silero.MissRate), Percent(silero.FalseAlarmRate), Percent(energy.MissRate), Percent(energy.FalseAlarmRate), Number(sileroTime), Number(energyTime));
        }

        return table.ToString();
    }

    private static (SpeechErrors Errors, double MillisecondsPerMinute) Measure(Talk talk, IVoiceActivityDetector detector)
    {
        using IVoiceActivityDetector owned = detector;
        var finder = new SpeechFinder(detector, new SpeechSettings());
        var spans = new List<SampleSpan>();
        var watch = new Stopwatch();
        foreach (float[] block in talk.Blocks())
        {
            watch.Start();
            finder.Push(block, spans);
            watch.Stop();
        }

        finder.Complete(spans);
        var errors = new SpeechErrors();
        errors.Add(talk.Speech(), spans.ConvertAll(span => (span.Start, span.End)), talk.SampleCount);
        return (errors, watch.Elapsed.TotalMilliseconds * 60 * LogMelSpectrogram.SampleRateHz / talk.SampleCount);
    }

    private static string Percent(double share) => (100 * share).ToString("F1", CultureInfo.InvariantCulture);

    private static string Number(double value) => value.ToString("F0", CultureInfo.InvariantCulture);
}
