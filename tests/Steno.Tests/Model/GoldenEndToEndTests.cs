using Steno.Audio;
using Steno.Loading;

namespace Steno.Tests.Model;

/// <summary>From the WAV file to the ids against the float64 reference, with nothing taken from it on the way.</summary>
public sealed class GoldenEndToEndTests
{
    public static TheoryData<string, string> Clips => GoldenModelTests.Clips;

    [Theory, MemberData(nameof(Clips))]
    public void Every_activation_stays_within_five_hundred_thousandths(string checkpoint, string clip)
    {
        GoldenFile golden = Goldens.Load(checkpoint, clip);
        using LoadedModel model = GoldenModelTests.Load(checkpoint, WeightPrecision.Float32);
        float[] samples = Samples.Read(Goldens.AudioPath(checkpoint, golden));
        float[] mel = new float[LogMelSpectrogram.FrameCount(samples.Length) * model.Config.Audio.MelBinCount];
        new LogMelSpectrogram(model.Config.Audio.MelBinCount).Compute(samples, mel, CancellationToken.None);
        var tap = new ReferenceTap(golden, replaces: false);

        int[] generated = GoldenModelTests.Run(model, golden, mel, CachePrecision.Float32, tap);

        foreach (string name in tap.Names) Assert.True(tap.RelativeError(name) < 5e-5, $"{name}: {tap.RelativeError(name):E2}");
        Assert.Equal(golden["generated"].Select(id => (int)id), generated);
    }
}
