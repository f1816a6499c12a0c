using Steno.Cli.Input;
using Steno.Cli.Output;

namespace Steno.Cli.Commands;

/// <summary>Transcribes one input after the other with one model; a bad input does not stop the rest.</summary>
internal sealed class TranscribeRun(
    IReadOnlyList<AudioInput> inputs,
    TranscribeOptions options,
    TranscriptWriter writer,
    TranscribeLog log)
{
    private int _exitCode = ExitCode.Success;

    /// <summary>Transcribes every input that can be.</summary>
    /// <param name="load">Loads the model; called only when there is an input to transcribe.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>Success, or the exit code of the first input that failed.</returns>
    public async Task<int> RunAsync(Func<AsrModel> load, CancellationToken cancellationToken)
    {
        List<AudioInput> usable = [.. inputs.Where(IsUsable)];
        if (usable.Count == 0)
            return _exitCode;

        using AsrModel model = load();
        log.Loaded(model.Info);
        foreach (AudioInput input in usable)
        {
            if (inputs.Count > 1)
                log.Begin(input.Name);
            try
            {
                await TranscribeAsync(model, input, cancellationToken).ConfigureAwait(false);
            }
            catch (CommandException exception) when (exception.ExitCode == ExitCode.Audio)
            {
                Fail(exception);
            }
        }

        return _exitCode;
    }

    private bool IsUsable(AudioInput input)
    {
        try
        {
            input.Check();
            return true;
        }
        catch (CommandException exception) when (exception.ExitCode == ExitCode.Audio)
        {
            Fail(exception);
            return false;
        }
    }

    private void Fail(CommandException exception)
    {
        log.Error(exception);
        if (_exitCode == ExitCode.Success)
            _exitCode = exception.ExitCode;
    }

    /// <summary>Transcribes one input.</summary>
    /// <exception cref="CommandException">The audio cannot be read, an option does not fit the model, or the output cannot be written.</exception>
    public async Task<Transcript> TranscribeAsync(AsrModel model, AudioInput input, CancellationToken cancellationToken)
    {
        try
        {
            using Stream? stream = input.OpenStream();
            Transcript transcript = await DecodeAsync(model, input, stream, cancellationToken).ConfigureAwait(false);
            writer.Complete(input.Name, model.Info.Name, transcript);
            log.Complete(input.Name, transcript, writer.IsStreaming, isLanguageDetected: options.Language is null);
            return transcript;
        }
        catch (Exception exception) when (exception is AudioFormatException or IOException or UnauthorizedAccessException)
        {
            writer.Abandon();
            throw new CommandException(ExitCode.Audio, Naming(input, exception.Message), exception);
        }
        catch (NotSupportedException exception)
        {
            // An environment variable holds what it cannot.
            writer.Abandon();
            throw CommandException.Usage(exception.Message);
        }
        catch (ModelFormatException exception)
        {
            writer.Abandon();
            throw new CommandException(ExitCode.Model, exception.Message, exception);
        }
        catch (ArgumentException exception) when (exception.GetType() == typeof(ArgumentException))
        {
            // What only the model can judge: a language that it does not know, a prompt beyond its positions.
            writer.Abandon();
            throw CommandException.Usage(exception.Message.Replace($" (Parameter '{exception.ParamName}')", "", StringComparison.Ordinal));
        }
        catch (Exception exception) when (exception is not (CommandException or OutputClosedException))
        {
            writer.Abandon();
            throw;
        }
    }

    private async Task<Transcript> DecodeAsync(AsrModel model, AudioInput input, Stream? stream, CancellationToken cancellationToken)
    {
        TranscribeOptions ownOptions = options with { OnRawAssumed = () => log.RawAssumed(Label(input)) };
        Transcription transcription = input.Start(model, ownOptions, stream, cancellationToken);
        if (writer.IsStreaming)
        {
            await foreach (string piece in transcription.WithCancellation(cancellationToken).ConfigureAwait(false))
                writer.WritePiece(input.Name, piece);
        }

        return await transcription.Completion.ConfigureAwait(false);
    }

    private static string Label(AudioInput input) => input.Path ?? "standard input";

    private static string Naming(AudioInput input, string message)
    {
        string name = Label(input);
        return message.StartsWith(name + ":", StringComparison.Ordinal) ? message : name + ": " + message;
    }
}
