using System.CommandLine;
using System.CommandLine.Parsing;
using Steno.Cli.Batch;
using Steno.Cli.Input;
using Steno.Cli.Output;

namespace Steno.Cli.Commands;

/// <summary><c>steno transcribe</c>: its options, and what they mean together.</summary>
internal sealed class TranscribeCommand : Command
{
    public const string Verb = "transcribe";

    /// <summary>The one option whose value may be anything.</summary>
    public const string PromptName = "--prompt";

    public const string LanguageName = "--language";

    private readonly ModelChoice _model = new();

    private readonly Argument<string[]> _files = new("FILE")
    {
        Arity = ArgumentArity.ZeroOrMore,
        Description = "Audio or video files of any format, or with --output folders of them; - for standard input",
    };

    private readonly Option<string?> _input = new("--input", "-i") { HelpName = "file", Description = "The same as FILE" };

    private readonly Option<bool> _stdin = Flag("--stdin", "Read audio from standard input, the same as -");

    private readonly Option<AudioEncoding> _inputFormat = new("--input-format")
    {
        HelpName = "auto|s16le|f32le",
        Description = "auto: any format, or with a warning s16le on standard input that begins like none. s16le, f32le: raw samples, 16 kHz, one channel. Default: auto",
        CustomParser = OptionParsers.Choice(
            ("auto", AudioEncoding.Auto),
            ("s16le", AudioEncoding.Pcm16),
            ("f32le", AudioEncoding.Float32)),
    };

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

    private readonly Option<IReadOnlyList<TranscriptFormat>?> _format = new("--format", "-f")
    {
        HelpName = "txt|json",
        Description = "txt: the text. json: one object for each file, on one line. Several, with commas between, need a folder as --output. Default: txt",
        CustomParser = OptionParsers.Choices(TranscriptFormats.All),
    };

    private readonly Option<string?> _output = new("--output", "-o")
    {
        HelpName = "file|folder",
        Description = "File to write, whole or not at all; for a folder, several files or several formats, the folder to write into; - for standard output. Default: -",
    };

    private readonly Option<bool> _recursive = Flag("--recursive", "Search folders inside folders too", "-r");

    private readonly Option<bool> _force = Flag("--force", "Transcribe again what is already in the output folder");

    private readonly Option<bool> _silent = Flag("--silent", "Nothing on standard error but warnings and errors; text only once it is final");

    private readonly Option<bool> _debug = Flag("--debug", "More on standard error: model, segments, timings; traces of faults");

    public TranscribeCommand(StandardStreams streams)
        : base(Verb, "Transcribes audio files. The text goes to standard output as it is decoded, everything else to standard error.")
    {
        Arguments.Add(_files);
        _model.AddTo(this);
        foreach (Option option in new Option[] { _input, _stdin, _inputFormat, _track, _maxDuration, _damaged, _language, _prompt, _attention, _maxTokens, _format, _output, _recursive, _force, _silent, _debug })
            Options.Add(option);
        SetAction((arguments, cancellationToken) => RunAsync(arguments, streams, cancellationToken));
    }

    private async Task<int> RunAsync(ParseResult arguments, StandardStreams streams, CancellationToken cancellationToken)
    {
        IReadOnlyList<AudioSource> inputs = InputsOf(arguments);
        string? outputPath = arguments.GetValue(_output) is { } path && !StandardStreams.IsOutput(path) ? path : null;
        IReadOnlyList<TranscriptFormat> formats = arguments.GetValue(_format) ?? [TranscriptFormat.Text];
        bool isBatch = FolderRequest.IsMeant(inputs, formats, outputPath);
        if (!isBatch && (arguments.GetValue(_force) || arguments.GetValue(_recursive)))
            throw CommandException.Usage("--recursive and --force go with a folder: name the one to write into with --output");

        Verbosity verbosity = VerbosityOf(arguments);
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
        var log = new TranscribeLog(streams.Error, verbosity);
        var read = new InputFiles().AddModel(_model.Select(arguments).Name).Add(arguments.GetValue(_model.Mmproj)).AddEach(ModelChoice.AdaptersOf(arguments, _model.Adapters));
        if (isBatch)
        {
            bool isRecursive = arguments.GetValue(_recursive);
            FolderPlan plan = FolderRequest.Plan(inputs, formats, outputPath!, isRecursive, read);
            var batch = new BatchRun(plan, isRecursive, arguments.GetValue(_force), options, streams.Error, verbosity);
            return await batch.RunAsync(() => Load(arguments, log, cancellationToken), cancellationToken).ConfigureAwait(false);
        }

        if (outputPath is not null) AudioFiles.Require(inputs[0]);
        _ = outputPath is null ? read.AddAudio(inputs).RequireOtherThanStandardOutput() : read.AddAudio(inputs).RequireOther(outputPath);
        if (outputPath is "") throw CommandException.Usage("the name of the output file is empty");
        using OutputFile? file = outputPath is null ? null : OutputFile.Probe(outputPath);
        TranscriptWriter writer = WriterFor(formats[0], file, streams, verbosity, inputs.Count > 1);
        var run = new TranscribeRun(inputs, options, writer, log);
        return await run.RunAsync(() => Load(arguments, log, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    private AsrModel Load(ParseResult arguments, TranscribeLog log, CancellationToken cancellationToken)
    {
        SelectedModel model = _model.Select(arguments);
        log.Loading(model);
        using IDisposable watch = log.Watch("loading " + model.Name);
        return _model.Load(model, arguments, cancellationToken);
    }

    private List<AudioSource> InputsOf(ParseResult arguments)
    {
        string[] files = arguments.GetValue(_files) ?? [];
        AudioEncoding encoding = arguments.GetValue(_inputFormat);
        List<string> names = [.. files];
        if (arguments.GetValue(_input) is { } input) names.Add(input);
        if (arguments.GetValue(_stdin)) names.Add("-");

        if (names.Count == 0)
            throw CommandException.Usage("nothing to transcribe: name an audio file, or - for standard input (see steno --help)");
        if (names.Count > 1 && names.Contains("-"))
            throw CommandException.Usage("standard input must be the only input: leave out either it or the files");
        if (names.Count > 1 && arguments.GetValue(_input) is not null)
            throw CommandException.Usage("-i takes one file and nothing else: give several files without it");
        return names.ConvertAll(name => name == "-" ? new AudioSource("standard input", encoding, StandardStreams.OpenInput) : new AudioSource(name, encoding));
    }

    /// <summary>The later of --silent and --debug counts.</summary>
    private Verbosity VerbosityOf(ParseResult arguments)
    {
        string? last = arguments.Tokens.LastOrDefault(token =>
            token.Type == TokenType.Option && (token.Value == _silent.Name || token.Value == _debug.Name))?.Value;
        if (last is null) return Verbosity.Normal;
        return last == _silent.Name ? Verbosity.Silent : Verbosity.Debug;
    }

    private static TranscriptWriter WriterFor(TranscriptFormat format, OutputFile? file, StandardStreams streams, Verbosity verbosity, bool hasSeveralFiles)
    {
        Action<ReadOnlyMemory<byte>> write = file is null
            ? bytes => streams.Write(bytes.Span)
            : bytes => file.Replace(bytes.Span);
        return TranscriptFormats.WriterOf(format, write, isStreaming: file is null && verbosity != Verbosity.Silent, hasSeveralFiles);
    }

    private static Option<bool> Flag(string name, string description, params string[] aliases) =>
        new(name, aliases) { Arity = ArgumentArity.Zero, Description = description };
}
