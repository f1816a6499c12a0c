using System.CommandLine;
using System.Text;
using Steno.Cli.Input;
using Steno.Cli.Output;
using Steno.Clips;
using Steno.Files;
using Steno.Verification;

namespace Steno.Cli.Commands;

/// <summary><c>steno verify</c>: whether a model is whole and computes what it should.</summary>
internal sealed class VerifyCommand : Command
{
    public const string Verb = "verify";

    private const string BundledRecording = "jfk.wav";

    private readonly ModelChoice _choice = new();

    private readonly Argument<string> _model = new("MODEL") { Description = $"Directory of a Qwen3-ASR checkpoint, GGUF or .bin file, name of an installed model, or {AsrModel.BuiltInName}" };

    private readonly Option<string?> _goldens = new("--goldens")
    {
        HelpName = "folder",
        Description = "Activations of reference runs to compare with, as safetensors files. Default: the folder golden of the model, where there is one",
    };

    private readonly Option<string?> _audio = new("--audio")
    {
        HelpName = "file",
        Description = "Recording to try the model on, of which 30 seconds are read. Default: a bundled one of 11 seconds",
    };

    private readonly Option<VerificationFacts> _facts = new("--facts")
    {
        HelpName = "auto|general",
        Description = "auto: also what is known of the published model with these dimensions. general: what holds for every model, such as one that was fine-tuned. Default: auto",
        CustomParser = OptionParsers.Choice(("auto", VerificationFacts.Auto), ("general", VerificationFacts.General)),
    };

    private readonly Option<bool> _json = new("--json") { Arity = ArgumentArity.Zero, Description = "One JSON object instead of a table" };

    private readonly Option<bool> _debug = new("--debug") { Arity = ArgumentArity.Zero, Description = "Traces of faults" };

    public VerifyCommand(StandardStreams streams)
        : base(Verb, "Checks that a model is whole and computes what it should.")
    {
        Arguments.Add(_model);
        foreach (Option option in new Option[] { _goldens, _audio, _facts, _choice.Mmproj, _choice.Adapters, _choice.Weights, _choice.Threads, _json, _debug })
            Options.Add(option);
        SetAction((arguments, cancellationToken) => RunAsync(arguments, streams, cancellationToken));
    }

    private async Task<int> RunAsync(ParseResult arguments, StandardStreams streams, CancellationToken cancellationToken)
    {
        string model = arguments.GetValue(_model)!;
        if (model.Length == 0) throw CommandException.Usage("the name of the model is empty");
        string? audioPath = arguments.GetValue(_audio);
        new InputFiles().AddModel(model).Add(arguments.GetValue(_choice.Mmproj)).AddEach(ModelChoice.AdaptersOf(arguments, _choice.Adapters)).Add(audioPath).Add(arguments.GetValue(_goldens)).RequireOtherThanStandardOutput();
        using var heartbeat = new Heartbeat(streams.Error, isWanted: true, time => $"verifying {model}: at work for {time}");
        float[] recording = await ReadRecordingAsync(audioPath, cancellationToken).ConfigureAwait(false);
        try
        {
            var request = new VerificationRequest
            {
                Directory = ModelLocation.PathOf(model),
                CompanionPath = arguments.GetValue(_choice.Mmproj),
                Adapters = ModelChoice.AdaptersOf(arguments, _choice.Adapters),
                Recording = recording,
                IsPublishedRecording = audioPath is null,
                GoldensDirectory = arguments.GetValue(_goldens),
                Facts = arguments.GetValue(_facts),
                Weights = arguments.GetValue(_choice.Weights),
                ThreadCount = arguments.GetValue(_choice.Threads) is var count and > 0 ? count : null,
            };
            IReadOnlyList<VerificationCheck> checks = await ModelVerifier.RunAsync(request, cancellationToken).ConfigureAwait(false);
            streams.Write(arguments.GetValue(_json) ? VerifyReport.Json(model, checks) : Encoding.UTF8.GetBytes(VerifyReport.Text(checks)));
            return checks.All(check => check.IsOk) ? ExitCode.Success : ExitCode.Model;
        }
        catch (Exception exception) when (exception is StenoException or IOException or UnauthorizedAccessException)
        {
            throw new CommandException(ExitCode.Model, exception.Message, exception);
        }
        catch (NotSupportedException exception)
        {
            // The environment variable STENO_KERNEL names a path that this machine does not have.
            throw new CommandException(ExitCode.Usage, exception.Message, exception);
        }
    }

    private static async Task<float[]> ReadRecordingAsync(string? path, CancellationToken cancellationToken)
    {
        if (path is not null) AudioFiles.RequireFile(path, "name a file in it");
        try
        {
            if (path is not null) return await RecordingReader.ReadFileAsync(path, cancellationToken).ConfigureAwait(false);
            using Stream bundled = typeof(VerifyCommand).Assembly.GetManifestResourceStream(BundledRecording)!;
            return await RecordingReader.ReadStreamAsync(bundled, cancellationToken).ConfigureAwait(false);
        }
        catch (AudioFormatException exception)
        {
            string message = path is null || exception.Message.StartsWith(path + ":", StringComparison.Ordinal) ? exception.Message : $"{path}: {exception.Message}";
            throw new CommandException(ExitCode.Audio, message, exception);
        }
        catch (Exception exception) when (FileFault.Is(exception))
        {
            throw new CommandException(ExitCode.Audio, $"{path}: the audio cannot be read: {FileFault.ReasonOf(exception)}", exception);
        }
    }
}
