using Steno.Cli.Input;
using Steno.Cli.Output;

namespace Steno.Cli.Commands;

/// <summary>Transcribes inputs with one model, several together, and writes them in their order; a bad input does not stop the rest.</summary>
internal sealed class TranscribeRun(
    IReadOnlyList<AudioSource> inputs,
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
        List<AudioSource> usable = [.. inputs.Where(IsUsable)];
        if (usable.Count == 0)
            return _exitCode;

        using AsrModel model = load();
        log.Loaded(model.Info);
        using var ahead = new TranscriptionsAhead(model, usable, OptionsFor, cancellationToken);
        foreach (AudioSource input in usable)
        {
            if (inputs.Count > 1)
                log.Begin(LabelOf(input));
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

    private TranscribeOptions OptionsFor(AudioSource input) => options with { OnRawAssumed = () => log.RawAssumed(input.Name) };

    private bool IsUsable(AudioSource input)
    {
        try
        {
            AudioFiles.Require(input);
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

    private async Task TranscribeAsync(TranscriptionsAhead ahead, AudioSource input, CancellationToken cancellationToken)
    {
        try
        {
            using StartedTranscription started = ahead.Take(input);
            Transcript transcript = await DecodeAsync(input, started.Transcription, cancellationToken).ConfigureAwait(false);
            writer.Complete(LabelOf(input), ahead.Model.Info.Name, transcript);
            log.Complete(LabelOf(input), transcript, writer.IsStreaming, isLanguageDetected: options.Language is null);
        }
        catch (Exception exception) when (exception is not OutputClosedException)
        {
            if (exception is not (CommandException or OutputException)) writer.Abandon();
            if (exception is OperationCanceledException && cancellationToken.IsCancellationRequested) throw;
            throw TranscribeFaults.Of(input, exception);
        }
    }

    private async Task<Transcript> DecodeAsync(AudioSource input, Transcription transcription, CancellationToken cancellationToken)
    {
        int characterCount = 0;
        using IDisposable watch = log.Watch(input.Name, () => $"{characterCount} characters of text so far");
        await foreach (string piece in transcription.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            characterCount += piece.Length;
            if (writer.IsStreaming) writer.WritePiece(LabelOf(input), piece);
        }

        return await transcription.Completion.ConfigureAwait(false);
    }

    // Standard input as the user wrote it.
    private static string LabelOf(AudioSource input) => input.Path ?? "-";
}
