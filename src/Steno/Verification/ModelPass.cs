using Steno.Audio;
using Steno.Decoding;
using Steno.Diagnostics;
using Steno.Loading;
using Steno.Model;
using Steno.Tensors;
using Steno.Threading;

namespace Steno.Verification;

/// <summary>One clip on its way through encoder and decoder, with everything that came of it.</summary>
/// <param name="Audio">Output of the encoder, row-major.</param>
/// <param name="AudioTokenCount">Its rows.</param>
/// <param name="PromptIds">What the decoder began with.</param>
/// <param name="Tokens">What it generated, without the stop token.</param>
/// <param name="StopReason">Why it ended.</param>
internal sealed record ModelPass(float[] Audio, int AudioTokenCount, int[] PromptIds, int[] Tokens, StopReason StopReason)
{
    /// <summary>Computes the spectrogram of a clip.</summary>
    public static float[] MelOf(ReadOnlySpan<float> samples, int melBinCount, CancellationToken cancellationToken)
    {
        float[] mel = new float[LogMelSpectrogram.FrameCount(samples.Length) * melBinCount];
        new LogMelSpectrogram(melBinCount).Compute(samples, mel, cancellationToken);
        return mel;
    }

    /// <summary>Runs a clip.</summary>
    /// <param name="model">The model.</param>
    /// <param name="pool">Threads to run on.</param>
    /// <param name="mel">[frames, mel bins], at least one frame.</param>
    /// <param name="attention">Reach of the encoder.</param>
    /// <param name="cache">Number format of the KV cache.</param>
    /// <param name="maxTokens">Most tokens to generate; 0 to run the encoder only.</param>
    /// <param name="tap">Sees the activations; null for none.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <param name="inputTap">Sees what the matrices are multiplied by; null for none.</param>
    public static unsafe ModelPass Run(
        LoadedModel model,
        WorkerPool pool,
        float[] mel,
        AttentionMode attention,
        CachePrecision cache,
        int maxTokens,
        ITensorTap? tap,
        CancellationToken cancellationToken,
        ILinearTap? inputTap = null)
    {
        ModelConfig config = model.Config;
        var runner = new KernelRunner(pool, model.Runner.Path) { InputTap = inputTap };
        int frameCount = mel.Length / config.Audio.MelBinCount;
        int rowCount = config.Audio.TokenCount(frameCount);
        using var buffers = new ActivationBuffers();
        using var audio = new AlignedBuffer<float>((long)rowCount * config.Audio.OutputWidth);
        fixed (float* frames = mel)
            new AudioEncoder(config.Audio, model.Weights.Audio, runner).Encode(frames, frameCount, attention, buffers, audio.Pointer, tap, cancellationToken);

        float[] rows = audio.Span.ToArray();
        Prompt prompt = new PromptBuilder(model.Tokenizer).Build(context: null, forcedLanguage: null, rowCount);
        if (maxTokens == 0) return new ModelPass(rows, rowCount, prompt.Ids, [], StopReason.None);

        int room = config.Text.MaxPositionCount - prompt.Ids.Length + 1;
        if (room < 1)
        {
            throw new ModelFormatException(
                "the clip is too long for the model", model.Directory, expected: $"a prompt of at most {config.Text.MaxPositionCount} positions", found: $"{prompt.Ids.Length}");
        }

        using var sequence = new DecodingSequence(prompt, audio, new KvCache(config.Text, cache), Math.Min(maxTokens, room), onToken: null);
        var decoder = new TextDecoder(config.Text, model.Weights.Text, runner);
        new GreedyDecoder(decoder, model.StopTokenIds).Decode([sequence], buffers, tap, cancellationToken);
        return new ModelPass(rows, rowCount, prompt.Ids, sequence.Tokens.ToArray(), sequence.StopReason);
    }
}
