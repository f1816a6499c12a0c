using Steno.Clips;
using Steno.Diagnostics;
using Steno.Loading;

namespace Steno.Tests.Packagings;

/// <summary>The logits of a model for the first tokens of a recording.</summary>
internal static class Logits
{
    private const int TokenCount = 12;

    /// <summary>Runs a model with its weights in F32.</summary>
    public static List<float[]> Of(string path, string sample)
    {
        using LoadedModel model = LoadedModel.Load(path, WeightPrecision.Float32, threadCount: null, TestContext.Current.CancellationToken);
        var tap = new Recorder();
        using var pass = new ClipPass(model, new ClipPassOptions { Cache = CachePrecision.Float32 }) { Tap = tap };
        ClipFeatures features = pass.Prepare(Samples.Read(Samples.AudioPath(sample)), TestContext.Current.CancellationToken)!;
        pass.Run(features, AttentionMode.Windowed, TokenCount, TestContext.Current.CancellationToken);
        return tap.Rows;
    }

    /// <summary>Asserts that two models agree to 1e-4 of the largest logit.</summary>
    public static void AssertEqual(List<float[]> expected, List<float[]> actual)
    {
        Assert.NotEmpty(expected);
        Assert.Equal(expected.Count, actual.Count);
        for (int row = 0; row < expected.Count; row++)
        {
            Assert.Equal(expected[row].Length, actual[row].Length);
            float worst = Enumerable.Range(0, expected[row].Length).Max(i => MathF.Abs(expected[row][i] - actual[row][i]));
            Assert.InRange(worst, 0, 1e-4f);
        }
    }

    private sealed class Recorder : ITensorTap
    {
        public List<float[]> Rows { get; } = [];

        public void OnRows(string name, long firstRow, Span<float> rows)
        {
            if (name == "logits") Rows.Add(rows.ToArray());
        }
    }
}
