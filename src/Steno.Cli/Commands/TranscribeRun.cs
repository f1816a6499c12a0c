using Steno.Cli.Input;
using Steno.Cli.Output;
using Steno.Files;

namespace Steno.Cli.Commands;

/// <summary>Transcribes inputs with one model, several together, and writes them in their order; a bad input does not stop the rest.</summary>
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
        using var ahead = new TranscriptionsAhead(model, usable, OptionsFor, cancellationToken);
        foreach (AudioInput input in usable)
        {
            if (inputs.Count > 1)
                log.Begin(input.Name);
            try
            {
                await TranscribeAsync(ahead, input, cancellationToken).ConfigureAwait(false);
            }
            catch (CommandException exception) when (exception.ExitCode == ExitCode.Audio)
            {
                Fail(exception);
            }
        }

        return _exitCode;
    }

    /// <summary>What to do with an input.</summary>
    public TranscribeOptions OptionsFor(AudioInput input) => options with { OnRawAssumed = () => log.RawAssumed(NameOf(input)) };

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
    /// <exception cref="CommandException">It failed; the message names the input, and the output where that is at fault.</exception>
    public async Task<Transcript> TranscribeAsync(TranscriptionsAhead ahead, AudioInput input, CancellationToken cancellationToken)
    {
        try
        {
            using StartedTranscription started = ahead.Take(input);
            Transcript transcript = await DecodeAsync(input, started.Transcription, cancellationToken).ConfigureAwait(false);
            writer.Complete(input.Name, ahead.Model.Info.Name, transcript);
            log.Complete(input.Name, transcript, writer.IsStreaming, isLanguageDetected: options.Language is null);
            return transcript;
        }
        catch (Exception exception) when (exception is not OutputClosedException)
        {
            if (exception is not CommandException) writer.Abandon();
            if (exception is OperationCanceledException && cancellationToken.IsCancellationRequested) throw;
            throw Describe(input, exception);
        }
    }

    private static CommandException Describe(AudioInput input, Exception exception) => exception switch
    {
        CommandException known when known.ExitCode == ExitCode.Output => new CommandException(ExitCode.Output, Naming(input, "the text is lost: " + known.Message), known.InnerException),
        CommandException known => known,
        AudioFormatException => new CommandException(ExitCode.Audio, Naming(input, exception.Message), exception),
        IOException or UnauthorizedAccessException => new CommandException(ExitCode.Audio, Naming(input, FileFault.ReasonOf(exception)), exception),
        CacheMemoryException => new CommandException(ExitCode.Audio, Naming(input, exception.Message + " (--cache-memory)"), exception),
        ModelFormatException => new CommandException(ExitCode.Model, Naming(input, exception.Message), exception),
        OutOfMemoryException => new CommandException(ExitCode.InternalFault, Naming(input, "there is not enough memory for this model and audio"), exception),

        // An environment variable holds what it cannot.
        NotSupportedException => CommandException.Usage(exception.Message),

        // What only the model can judge: a language that it does not know, a prompt beyond its positions.
        ArgumentException argument when argument.GetType() == typeof(ArgumentException) => CommandException.Usage(argument),
        _ => new CommandException(ExitCode.InternalFault, Naming(input, $"this is a fault in Steno, please report it: {exception.GetType().Name}: {exception.Message}"), exception),
    };

    private async Task<Transcript> DecodeAsync(AudioInput input, Transcription transcription, CancellationToken cancellationToken)
    {
        int characterCount = 0;
        using IDisposable watch = log.Watch(NameOf(input), () => $"{characterCount} characters of text so far");
        await foreach (string piece in transcription.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            characterCount += piece.Length;
            if (writer.IsStreaming) writer.WritePiece(input.Name, piece);
        }

        return await transcription.Completion.ConfigureAwait(false);
    }

    private static string NameOf(AudioInput input) => input.Path ?? "standard input";

    private static string Naming(AudioInput input, string message)
    {
        string name = NameOf(input);
        return message.StartsWith(name + ":", StringComparison.Ordinal) ? message : name + ": " + message;
    }
}
