using Steno.Audio;
using Steno.Decoding;
using Steno.Loading;
using Steno.Model;
using Steno.Tensors;
using Steno.Tests.Model;

namespace Steno.Tests.Decoding;

public sealed unsafe class BatchDecodingTests
{
    [Theory]
    [InlineData(WeightPrecision.Auto, CachePrecision.BFloat16)]
    [InlineData(WeightPrecision.Auto, CachePrecision.Float32)]
    [InlineData(WeightPrecision.Q8, CachePrecision.BFloat16)]
    [InlineData(WeightPrecision.Q4, CachePrecision.BFloat16)]
    public void A_clip_decodes_to_the_same_ids_and_probabilities_alone_and_beside_three_others(WeightPrecision weights, CachePrecision precision)
    {
        using LoadedModel model = GoldenModelTests.Load("tiny-asr", weights);
        string[] names = ["english-3", "chinese-1", "spanish-1", "german-2"];
        List<DecodingSequence> together = [.. names.Select(name => Prepare(model, name, precision))];
        using var buffers = new ActivationBuffers();
        Decode(model, together, buffers);

        for (int i = 0; i < names.Length; i++)
        {
            using DecodingSequence alone = Prepare(model, names[i], precision);
            Decode(model, [alone], buffers);
            Assert.Equal(alone.Tokens.ToArray(), together[i].Tokens.ToArray());
            Assert.Equal(alone.MeanTokenProbability, together[i].MeanTokenProbability);
            Assert.Equal(StopReason.StopToken, together[i].StopReason);
            alone.Audio.Dispose();
        }

        foreach (DecodingSequence sequence in together)
        {
            sequence.Audio.Dispose();
            sequence.Dispose();
        }
    }

    [Fact]
    public void More_rows_than_a_forward_pass_holds_are_split_over_several()
    {
        using LoadedModel model = GoldenModelTests.Load("tiny-asr", WeightPrecision.Auto);
        List<DecodingSequence> many = [.. Enumerable.Repeat("english-3", 9).Select(name => Prepare(model, name, CachePrecision.BFloat16))];
        Assert.True(many.Sum(sequence => sequence.Prompt.Ids.Length) > RaggedBatch.MaxRowCount);
        using var buffers = new ActivationBuffers();
        Decode(model, many, buffers);

        string expected = Samples.Text("english-3");
        foreach (DecodingSequence sequence in many)
        {
            Assert.Equal(expected, TranscriptParser.Parse(model.Tokenizer.Decode(sequence.Tokens, skipSpecial: true), null).Text);
            sequence.Audio.Dispose();
            sequence.Dispose();
        }
    }

    private static void Decode(LoadedModel model, List<DecodingSequence> sequences, ActivationBuffers buffers) =>
        new GreedyDecoder(model.TextDecoder, model.StopTokenIds).Decode(sequences, buffers, tap: null, CancellationToken.None);

    private static DecodingSequence Prepare(LoadedModel model, string name, CachePrecision precision)
    {
        float[] samples = Samples.Read(Samples.AudioPath(name));
        int frameCount = LogMelSpectrogram.FrameCount(samples.Length);
        float[] mel = new float[frameCount * model.Config.Audio.MelBinCount];
        new LogMelSpectrogram(model.Config.Audio.MelBinCount).Compute(samples, mel, CancellationToken.None);
        int rowCount = model.Config.Audio.TokenCount(frameCount);
        using var buffers = new ActivationBuffers();
        var audio = new AlignedBuffer<float>((long)rowCount * model.Config.Audio.OutputWidth);
        fixed (float* frames = mel)
            model.AudioEncoder.Encode(frames, frameCount, AttentionMode.Windowed, buffers, audio.Pointer, tap: null, CancellationToken.None);
        Prompt prompt = new PromptBuilder(model.Tokenizer).Build(null, null, rowCount);
        return new DecodingSequence(prompt, audio, new KvCache(model.Config.Text, precision), maxTokens: 64, onToken: null);
    }
}
