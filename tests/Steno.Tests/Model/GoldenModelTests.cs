using Steno.Clips;
using Steno.Decoding;
using Steno.Loading;

namespace Steno.Tests.Model;

/// <summary>Encoder, decoder and greedy decoding against the float64 reference.</summary>
public sealed class GoldenModelTests
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
        var tap = new ReferenceTap(golden, replaces: true);
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
    internal static int[] Run(LoadedModel model, GoldenFile golden, float[] mel, CachePrecision cache, ReferenceTap? tap)
    {
        AttentionMode attention = golden.Metadata("attention") == "full" ? AttentionMode.Full : AttentionMode.Windowed;
        using var pass = new ClipPass(model, new ClipPassOptions { Cache = cache }) { Tap = tap };
        ClipResult result = pass.Run(ClipFeatures.Of(mel, model.Config.Audio.MelBinCount), attention, GeneratedTokenCap, CancellationToken.None);
        Assert.Equal(golden["ids"].Select(id => (int)id), result.PromptIds);
        return result.StopReason == StopReason.StopToken ? [.. result.Tokens, (int)golden["generated"][^1]] : result.Tokens;
    }
}
