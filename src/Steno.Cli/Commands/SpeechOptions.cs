using System.CommandLine;

namespace Steno.Cli.Commands;

/// <summary>The options that say what counts as speech.</summary>
internal sealed class SpeechOptions
{
    private readonly Option<VoiceActivityMethod> _method = new("--vad")
    {
        HelpName = "silero|energy",
        Description = "How speech is told from other sound. silero: a small network. energy: what is louder than the noise around it. Default: silero",
        CustomParser = OptionParsers.Choice(("silero", VoiceActivityMethod.Silero), ("energy", VoiceActivityMethod.Energy)),
    };

    private readonly Option<double?> _threshold = new("--vad-threshold")
    {
        HelpName = "probability",
        Description = "Speech begins at this probability, 0.05 to 0.95, and ends 0.15 below it. Default: 0.5",
        CustomParser = OptionParsers.Number(0.05, 0.95, "a probability"),
    };

    private readonly Option<double?> _minSpeech = Seconds("--vad-min-speech", 0, 5, "Speech that is not longer than this is left out. Default: 0.25");

    private readonly Option<double?> _minSilence = Seconds("--vad-min-silence", 0, 5, "A shorter pause does not end a span. Default: 0.1");

    private readonly Option<double?> _padding = Seconds("--vad-padding", 0, 1, "Added before and after each span. Default: 0.03");

    private readonly Option<double?> _maxSpeech = Seconds("--vad-max-speech", 5, 300, "A longer span is cut, at its longest pause if there is one. Default: no limit");

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _method, _threshold, _minSpeech, _minSilence, _padding, _maxSpeech }) command.Options.Add(option);
    }

    public VoiceActivityOptions Of(ParseResult arguments)
    {
        var defaults = new VoiceActivityOptions();
        return defaults with
        {
            Method = arguments.GetValue(_method),
            Threshold = arguments.GetValue(_threshold) ?? defaults.Threshold,
            MinSpeech = Time(_minSpeech, defaults.MinSpeech),
            MinSilence = Time(_minSilence, defaults.MinSilence),
            Padding = Time(_padding, defaults.Padding),
            MaxSpeech = arguments.GetValue(_maxSpeech) is { } maxSpeech ? TimeSpan.FromSeconds(maxSpeech) : null,
        };

        TimeSpan Time(Option<double?> option, TimeSpan otherwise) => arguments.GetValue(option) is { } seconds ? TimeSpan.FromSeconds(seconds) : otherwise;
    }

    private static Option<double?> Seconds(string name, double lowest, double highest, string description) =>
        new(name) { HelpName = "seconds", Description = description, CustomParser = OptionParsers.Number(lowest, highest, "seconds") };
}
