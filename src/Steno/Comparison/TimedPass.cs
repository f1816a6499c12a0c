using System.Diagnostics;
using Steno.Decoding;
using Steno.Loading;
using Steno.Model;
using Steno.Tensors;

namespace Steno.Comparison;

/// <summary>A clip transcribed by a model on its own, each stage timed.</summary>
/// <param name="Tokens">What it generated, without the stop token.</param>
/// <param name="PromptRows">Rows of the prompt.</param>
/// <param name="EncoderTime">Time of the audio encoder.</param>
/// <param name="PrefillTime">Time of the prompt, first token included.</param>
/// <param name="StepTime">Time of what followed.</param>
/// <param name="StepCount">Forward passes that followed.</param>
internal sealed record TimedPass(int[] Tokens, int PromptRows, TimeSpan EncoderTime, TimeSpan PrefillTime, TimeSpan StepTime, int StepCount)
{
    /// <summary>Runs a clip.</summary>
    /// <param name="model">The model.</param>
    /// <param name="mel">[frames, mel bins], at least one frame.</param>
    /// <param name="maxTokens">Most tokens to generate.</param>
    /// <param name="buffers">Memory to work in.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public static unsafe TimedPass Run(LoadedModel model, float[] mel, int maxTokens, ActivationBuffers buffers, CancellationToken cancellationToken)
    {
        AudioEncoderConfig config = model.Config.Audio;
        int frameCount = mel.Length / config.MelBinCount;
        int rowCount = config.TokenCount(frameCount);
        using var audio = new AlignedBuffer<float>((long)rowCount * config.OutputWidth);
        long start = Stopwatch.GetTimestamp();
        fixed (float* frames = mel)
            model.AudioEncoder.Encode(frames, frameCount, AttentionMode.Windowed, buffers, audio.Pointer, tap: null, cancellationToken);
        TimeSpan encoderTime = Stopwatch.GetElapsedTime(start);

        Prompt prompt = new PromptBuilder(model.Tokenizer).Build(context: null, forcedLanguage: null, rowCount);
        maxTokens = Math.Min(maxTokens, model.Config.Text.MaxPositionCount - prompt.Ids.Length + 1);
        TimeSpan prefillTime = TimeSpan.Zero;
        start = Stopwatch.GetTimestamp();
        using var sequence = new DecodingSequence(prompt, audio, new KvCache(model.Config.Text, CachePrecision.BFloat16), maxTokens, _ => OnToken());
        new GreedyDecoder(model.TextDecoder, model.StopTokenIds).Decode([sequence], buffers, tap: null, cancellationToken);
        TimeSpan total = Stopwatch.GetElapsedTime(start);
        if (sequence.TokenCount == 0) prefillTime = total;
        int stepCount = sequence.StopReason == StopReason.StopToken ? sequence.TokenCount : sequence.TokenCount - 1;
        return new TimedPass(sequence.Tokens.ToArray(), prompt.Ids.Length, encoderTime, prefillTime, total - prefillTime, stepCount);

        void OnToken()
        {
            if (prefillTime == TimeSpan.Zero) prefillTime = Stopwatch.GetElapsedTime(start);
        }
    }
}
