using Steno.Comparison;
using Steno.Tests.Checkpoints;

namespace Steno.Tests.Comparison;

/// <summary>The built-in model compared with another form of it.</summary>
internal sealed class WeightComparerRun(WeightComparison comparison)
{
    public static async Task<WeightComparerRun> OnAsync(string path, params string[] samples) => new(await WeightComparer.RunAsync(
        new ComparisonRequest
        {
            A = new ComparedModel(TinyCheckpoint.Directory, CompanionPath: null, WeightPrecision.Auto),
            B = new ComparedModel(path, CompanionPath: null, WeightPrecision.Auto),
            Audio = [.. samples.Select(Samples.AudioPath)],
        },
        TestContext.Current.CancellationToken));

    /// <summary>Relative error of an activation.</summary>
    public double Error(string name) => comparison.Taps.Single(tap => tap.Name == name).RelativeError;
}
