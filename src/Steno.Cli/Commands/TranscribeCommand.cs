using System.CommandLine;
using Steno.Cli.Batch;
using Steno.Cli.Input;
using Steno.Cli.Output;

namespace Steno.Cli.Commands;

/// <summary><c>steno transcribe</c>: its options, and what they mean together.</summary>
internal sealed class TranscribeCommand : Command
{
    public const string Verb = "transcribe";

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

    private readonly RecognitionOptions _recognition = new();

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

    private readonly VerbosityOptions _verbosity = new(
        "Nothing on standard error but warnings and errors; text only once it is final",
        "More on standard error: model, segments, timings; traces of faults");

    public TranscribeCommand(StandardStreams streams)
        : base(Verb, "Transcribes audio files. The text goes to standard output as it is decoded, everything else to standard error.")
    {
        Arguments.Add(_files);
        _model.AddTo(this);
        foreach (Option option in new Option[] { _input, _stdin, _inputFormat }) Options.Add(option);
        _recognition.AddTo(this);
        foreach (Option option in new Option[] { _format, _output, _recursive, _force }) Options.Add(option);
        _verbosity.AddTo(this);
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

        Verbosity verbosity = _verbosity.Of(arguments);
        TranscribeOptions options = _recognition.Of(arguments);
        var log = new TranscribeLog(streams.Error, verbosity);
        var read = new InputFiles().AddModel(_model.Select(arguments).Name).Add(arguments.GetValue(_model.Mmproj)).AddEach(ModelChoice.AdaptersOf(arguments, _model.Adapters));
        if (isBatch)
        {
            bool isRecursive = arguments.GetValue(_recursive);
            FolderPlan plan = FolderRequest.Plan(inputs, formats, outputPath!, isRecursive, read);
            var batch = new BatchRun(plan, isRecursive, arguments.GetValue(_force), options, streams.Error, verbosity);
            return await batch.RunAsync(() => _model.Load(arguments, log, cancellationToken), cancellationToken).ConfigureAwait(false);
        }

        if (outputPath is not null) AudioFiles.Require(inputs[0]);
        _ = outputPath is null ? read.AddAudio(inputs).RequireOtherThanStandardOutput() : read.AddAudio(inputs).RequireOther(outputPath);
        if (outputPath is "") throw CommandException.Usage("the name of the output file is empty");
        using OutputFile? file = outputPath is null ? null : OutputFile.Probe(outputPath);
        TranscriptWriter writer = WriterFor(formats[0], file, streams, verbosity, inputs.Count > 1);
        var run = new TranscribeRun(inputs, options, writer, log);
        return await run.RunAsync(() => _model.Load(arguments, log, cancellationToken), cancellationToken).ConfigureAwait(false);
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
