using Steno.Decoding;
using Steno.Loading;
using Steno.Model;
using Steno.Tensors;

namespace Steno.Tests.Model;

/// <summary>Encoder, decoder and greedy decoding against the float64 reference.</summary>
public sealed unsafe class GoldenModelTests
{
    private const int GeneratedTokenCap = 24;

    /// <summary>Checkpoint and clip; a copy of those marked as local lies in the project, the others in ../shared.</summary>
    public static TheoryData<string, string> Clips => new()
    {
        { "tiny-asr", "english" },
        { "tiny-asr", "chinese" },
        { "tiny-asr", "two-windows" },
        { "tiny-asr", "three-windows" },
        { "random-small", "clip-0.73" },
        { "random-small", "clip-9.37" },
        { "random-small", "clip-9.37-full-attention" },
    };

    [Theory, MemberData(nameof(Clips))]
    public void Each_stage_fed_the_reference_stays_within_a_hundred_thousandth(string checkpoint, string clip)
    {
        GoldenFile golden = Goldens.Load(checkpoint, clip);
        var tap = new GoldenTap(golden, replaces: true);
        using LoadedModel model = Load(checkpoint, WeightPrecision.Float32);

        int[] generated = Run(model, golden, golden["mel"], CachePrecision.Float32, tap);

        foreach (string name in golden.Names.Except(["mel", "ids", "generated"], StringComparer.Ordinal))
        {
            Assert.Contains(name, tap.Names);
            Assert.True(tap.RelativeError(name) < 1e-5, $"{name}: {tap.RelativeError(name):E2}");
        }

        Assert.Equal(golden["generated"].Select(id => (int)id), generated);
    }

    [Theory, MemberData(nameof(Clips))]
    public void Generated_ids_are_the_reference_s_in_every_precision(string checkpoint, string clip)
    {
        GoldenFile golden = Goldens.Load(checkpoint, clip);
        foreach (WeightPrecision weights in new[] { WeightPrecision.Float32, WeightPrecision.BFloat16, WeightPrecision.Auto })
        {
            using LoadedModel model = Load(checkpoint, weights);
            foreach (CachePrecision cache in Enum.GetValues<CachePrecision>())
                Assert.Equal(golden["generated"].Select(id => (int)id), Run(model, golden, golden["mel"], cache, tap: null));
        }
    }

    internal static LoadedModel Load(string checkpoint, WeightPrecision weights, int? threadCount = null) =>
        LoadedModel.Load(Goldens.CheckpointPath(checkpoint), weights, threadCount, CancellationToken.None);

    /// <summary>Encodes and decodes a clip; the generated ids include the stop id, as the reference's do.</summary>
    internal static int[] Run(LoadedModel model, GoldenFile golden, float[] mel, CachePrecision cache, GoldenTap? tap)
    {
        int frameCount = mel.Length / model.Config.Audio.MelBinCount;
        int rowCount = model.Config.Audio.TokenCount(frameCount);
        AttentionMode attention = golden.Metadata("attention") == "full" ? AttentionMode.Full : AttentionMode.Windowed;
        using var buffers = new ActivationBuffers();
        using var audio = new AlignedBuffer<float>((long)rowCount * model.Config.Audio.OutputWidth);
        fixed (float* frames = mel)
            model.AudioEncoder.Encode(frames, frameCount, attention, buffers, audio.Pointer, tap, CancellationToken.None);

        Prompt prompt = new PromptBuilder(model.Tokenizer).Build(null, null, rowCount);
        Assert.Equal(golden["ids"].Select(id => (int)id), prompt.Ids);
        using var sequence = new DecodingSequence(prompt, audio, new KvCache(model.Config.Text, cache), GeneratedTokenCap, onToken: null);
        new GreedyDecoder(model.TextDecoder, model.StopTokenIds).Decode([sequence], buffers, tap, CancellationToken.None);

        int[] generated = sequence.Tokens.ToArray();
        return sequence.StopReason == StopReason.StopToken ? [.. generated, (int)golden["generated"][^1]] : generated;
    }
}
