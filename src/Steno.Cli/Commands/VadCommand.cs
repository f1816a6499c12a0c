using System.CommandLine;
using Steno.Cli.Input;
using Steno.Cli.Output;

namespace Steno.Cli.Commands;

/// <summary><c>steno vad</c>: where somebody speaks in a recording.</summary>
internal sealed class VadCommand : Command
{
    public const string Verb = "vad";

    private readonly Argument<string> _file = new("FILE") { Description = "Audio or video file of any format; - for standard input" };

    private readonly Option<SpeechFormat> _format = new("--format", "-f")
    {
        HelpName = "text|json|rttm",
        Description = "text: start and end of each span in seconds. json: one object. rttm: lines of NIST's format. Default: text",
        CustomParser = OptionParsers.Choice(("text", SpeechFormat.Text), ("json", SpeechFormat.Json), ("rttm", SpeechFormat.Rttm)),
    };

    private readonly SpeechOptions _speech = new();

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

    private readonly Option<bool> _silent = new("--silent") { Arity = ArgumentArity.Zero, Description = "Nothing on standard error but warnings and errors" };

    private readonly Option<bool> _debug = new("--debug") { Arity = ArgumentArity.Zero, Description = "Traces of faults" };

    public VadCommand(StandardStreams streams)
        : base(Verb, "Prints where somebody speaks in a recording, each span as soon as it is found.")
    {
        Arguments.Add(_file);
        Options.Add(_format);
        _speech.AddTo(this);
        foreach (Option option in new Option[] { _inputFormat, _track, _maxDuration, _silent, _debug }) Options.Add(option);
        SetAction((arguments, cancellationToken) => RunAsync(arguments, streams, cancellationToken));
    }

    private async Task<int> RunAsync(ParseResult arguments, StandardStreams streams, CancellationToken cancellationToken)
    {
        string name = arguments.GetRequiredValue(_file);
        AudioEncoding encoding = arguments.GetValue(_inputFormat);
        var source = name == "-" ? new AudioSource("standard input", encoding, StandardStreams.OpenInput) : new AudioSource(name, encoding);
        AudioFiles.Require(source);
        new InputFiles().AddAudio([source]).RequireOtherThanStandardOutput();
        VoiceActivityOptions options = _speech.Of(arguments) with { OnRawAssumed = () => new TranscribeLog(streams.Error, Verbosity.Silent).RawAssumed(source.Name) };
        if (arguments.GetValue(_track) is > 0 and int track) options = options with { AudioTrack = track };
        if (arguments.GetValue(_maxDuration) is { Ticks: > 0 } maxDuration) options = options with { MaxDuration = maxDuration };

        var report = new SpeechReport(arguments.GetValue(_format), name, options.Method, bytes => streams.Write(bytes));
        try
        {
            TimeSpan duration = TimeSpan.Zero;
            await foreach (SpeechSpan span in VoiceActivity.Detect(source, options, end => duration = end, cancellationToken).ConfigureAwait(false))
                report.Add(span);
            report.Complete(duration);
        }
        catch (Exception exception) when (exception is not (OutputClosedException or OperationCanceledException))
        {
            throw TranscribeFaults.Of(source, exception);
        }

        if (report.SpanCount == 0 && !arguments.GetValue(_silent)) streams.Error.WriteLine(OneLine.Of($"{source.Name}: no speech"));
        return ExitCode.Success;
    }
}
