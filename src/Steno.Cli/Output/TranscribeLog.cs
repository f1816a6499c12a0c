using System.Diagnostics;
using System.Globalization;
using Steno.Cli.Commands;

namespace Steno.Cli.Output;

/// <summary>Everything that a transcription says on standard error.</summary>
/// <param name="error">Where.</param>
/// <param name="verbosity">How much.</param>
/// <param name="hasHeartbeat">Whether long work shows signs of life; null where it is not silent.</param>
internal sealed class TranscribeLog(ErrorStream error, Verbosity verbosity, bool? hasHeartbeat = null)
{
    private readonly Stopwatch _loading = new();

    public void Loading(SelectedModel model)
    {
        _loading.Restart();
        if (model.IsNamed)
        {
            Say("Loading model from " + OneLine.Of(model.Name));
        }
        else if (model.Installed is { } installed)
        {
            Say($"No --model was given: using the installed {installed.Name}, in {OneLine.Of(installed.Directory)}");
        }
        else
        {
            Say($"No --model was given: using the built-in {AsrModel.BuiltInName}, which knows about 145 words: digits, numbers and household commands in English, Chinese, Spanish and German.");
            Say("For real speech, install a model: steno pull 0.6b. Or name the directory of a Qwen3-ASR checkpoint: steno transcribe --model DIR FILE");
        }
    }

    public void Loaded(ModelInfo model)
    {
        if (model.PackedFileProblem is { } problem)
            Say($"The packed model was not used: {OneLine.Of(problem)}");
        if (verbosity != Verbosity.Debug)
            return;
        if (model.PackedFile is { } packed)
            Say($"Packed model: {OneLine.Of(packed)}, {(model.IsMapped ? "mapped" : "read")}");
        Say($"Model: {OneLine.Of(model.Name)}, {model.ParameterCount / 1e6:F1} M parameters, {WeightNames.Of(model.Weights)}, {model.WeightBytes / 1e6:F1} MB, loaded in {_loading.Elapsed.TotalMilliseconds:F0} ms");
        Say($"Threads: {model.ThreadCount}, kernels: {model.KernelPath}");
    }

    /// <summary>Shows signs of life until the result is disposed.</summary>
    /// <param name="name">What is worked on.</param>
    /// <param name="describe">How far it is.</param>
    public IDisposable Watch(string name, Func<string>? describe = null) =>
        new Heartbeat(error, hasHeartbeat ?? verbosity != Verbosity.Silent, time => $"{name}: at work for {time}{(describe is null ? "" : ", " + describe())}");

    /// <summary>Said whatever the verbosity: of other bytes the model makes words too.</summary>
    public void RawAssumed(string audioName) => error.WriteLine(
        $"steno: warning: {OneLine.Of(audioName)}: begins like no audio file: taken for raw samples of 16 bits, 16 kHz, one channel. If it is that, say so: --input-format s16le");

    public void Begin(string audioName) => Say("File: " + OneLine.Of(audioName));

    public void Complete(string audioName, Transcript transcript, bool wasStreamed, bool isLanguageDetected)
    {
        Warn(audioName, transcript, wasStreamed);
        if (transcript.Text.Length == 0 && !transcript.IsTruncated)
            Say("No speech was found.");
        else if (isLanguageDetected && transcript.Language.Length > 0)
            Say("Language: " + OneLine.Of(transcript.Language));

        TranscriptTimings timings = transcript.Timings;
        if (verbosity == Verbosity.Debug)
            Describe(transcript);
        Say(StatisticsLine.Inference(timings));
        if (StatisticsLine.Audio(timings) is { } line)
            Say(line);
    }

    public void Error(CommandException exception) => error.WriteFault(exception.Message, exception, verbosity == Verbosity.Debug);

    // A text that is not what it seems is never passed over in silence, whatever the verbosity.
    private void Warn(string audioName, Transcript transcript, bool wasStreamed)
    {
        string name = OneLine.Of(audioName);
        if (transcript.IsTruncated)
            error.WriteLine($"steno: warning: {name}: the text is incomplete: the token limit was reached (see --max-tokens)");
        if (transcript.Damage is { } damage)
            error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"steno: warning: {name}: the audio is damaged at {damage.At.TotalSeconds:F1} s, and the text is that of what could be decoded: {OneLine.Of(damage.Reason)}"));
        if (wasStreamed && transcript.Segments.Any(segment => segment.IsRepetitionCollapsed))
            error.WriteLine($"steno: warning: {name}: the model repeated itself; --silent, --output and --format json give the text with the repetition removed");
    }

    private void Describe(Transcript transcript)
    {
        foreach (TranscriptSegment segment in transcript.Segments)
        {
            string language = segment.Language.Length == 0 ? "no language" : OneLine.Of(segment.Language);
            Say($"Segment: {segment.Start.TotalSeconds:F2}-{segment.End.TotalSeconds:F2} s, {language}, {segment.TokenIds.Count} tokens, mean probability {segment.MeanTokenProbability:F3}{(segment.IsTruncated ? ", truncated" : "")}{(segment.IsRepetitionCollapsed ? ", repetition removed" : "")}");
        }

        TranscriptTimings timings = transcript.Timings;
        TimeSpan rest = timings.Total - timings.Encoding - timings.Decoding;
        Say($"Mean token probability: {transcript.MeanTokenProbability:F3}");
        Say($"Time to first token: {timings.TimeToFirstToken.TotalMilliseconds:F0} ms; reading and everything else: {rest.TotalMilliseconds:F0} ms");
    }

    private void Say(string line)
    {
        if (verbosity != Verbosity.Silent)
            error.WriteLine(line);
    }
}
