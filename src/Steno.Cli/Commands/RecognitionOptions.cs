using System.CommandLine;

namespace Steno.Cli.Commands;

/// <summary>The options that say how recordings become text, for every command that transcribes.</summary>
internal sealed class RecognitionOptions
{
    /// <summary>The one option whose value may be anything.</summary>
    public const string PromptName = "--prompt";

    public const string LanguageName = "--language";

    private readonly Option<int> _track = new("--track")
    {
        HelpName = "n",
        Description = "Audio track of a file with several, counted from 1. Default: 1",
        CustomParser = OptionParsers.AudioTrack,
    };

    private readonly Option<TimeSpan> _maxDuration = new("--max-duration")
    {
        HelpName = "duration",
        Description = "Longest audio that is accepted, such as 1h30m, 90m or 45 (seconds); longer audio is an error. Default: 12h",
        CustomParser = OptionParsers.Duration,
    };

    private readonly Option<DamagedAudioMode> _damaged = new("--damaged")
    {
        HelpName = "refuse|keep",
        Description = "Audio that is cut off or damaged. refuse: an error. keep: what can be decoded is transcribed, with a warning that says from where on. Default: refuse",
        CustomParser = OptionParsers.Choice(("refuse", DamagedAudioMode.Refuse), ("keep", DamagedAudioMode.Keep)),
    };

    private readonly Option<string> _language = new(LanguageName)
    {
        HelpName = "name",
        Description = "Language that is spoken, such as German or de. Default: detected",
        CustomParser = OptionParsers.Language,
    };

    private readonly Option<string?> _prompt = new(PromptName)
    {
        HelpName = "text",
        Description = "Text that biases recognition, such as names and terms of the domain. Default: none",
    };

    private readonly Option<AttentionMode> _attention = new("--attention")
    {
        HelpName = "windowed|full",
        Description = "Reach of the audio encoder: 8 seconds, as the model was trained, or the whole clip. Default: windowed",
        CustomParser = OptionParsers.Choice(("windowed", AttentionMode.Windowed), ("full", AttentionMode.Full)),
    };

    private readonly Option<int?> _maxTokens = new("--max-tokens")
    {
        HelpName = "n",
        Description = "Most tokens to generate for each segment. Default: 12 for each second of audio, at least 256",
        CustomParser = OptionParsers.TokenLimit,
    };

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _track, _maxDuration, _damaged, _language, _prompt, _attention, _maxTokens }) command.Options.Add(option);
    }

    public TranscribeOptions Of(ParseResult arguments)
    {
        var options = new TranscribeOptions
        {
            Language = arguments.GetValue(_language) is { Length: > 0 } language ? language : null,
            Prompt = arguments.GetValue(_prompt),
            MaxTokens = arguments.GetValue(_maxTokens),
            Attention = arguments.GetValue(_attention),
            DamagedAudio = arguments.GetValue(_damaged),
        };
        if (arguments.GetValue(_track) is > 0 and int track) options = options with { AudioTrack = track };
        if (arguments.GetValue(_maxDuration) is { Ticks: > 0 } maxDuration) options = options with { MaxDuration = maxDuration };
        return options;
    }
}
