using Steno.Kernels;

namespace Steno.Tests.Kernels;

public sealed class KernelPathsTests
{
    /// <summary>Environment variable that says what <see cref="Describe"/> must say of the best path.</summary>
    internal static string ExpectedPathVariable => "STENO_TEST_PATH";

    /// <summary>A path's registers, and how its kernels multiply codes.</summary>
    internal static string Describe(KernelPath path) => $"{path}, {(QuantizedRows.HasByteCodes(WeightFormat.Q8, path) ? "bytes" : "16-bit numbers")}";

    [Fact]
    public void The_path_that_runs_is_the_one_the_environment_names_or_else_the_best()
    {
        string? forced = Environment.GetEnvironmentVariable(KernelPaths.Variable);
        string expected = string.IsNullOrEmpty(forced) ? KernelPaths.Supported[0].ToString() : forced;

        Assert.Equal(expected, KernelPaths.Selected.ToString(), ignoreCase: true);
        using AsrModel model = AsrModel.Load(AsrModel.BuiltInName);
        Assert.Equal(expected, model.Info.KernelPath, ignoreCase: true);
    }

    // So a run with instruction sets switched off cannot pass on the registers that it was meant to do without.
    [Fact]
    public void The_best_path_is_the_one_that_the_test_run_was_started_for()
    {
        string? expected = Environment.GetEnvironmentVariable(ExpectedPathVariable);
        if (expected is not null) Assert.Equal(expected, Describe(KernelPaths.Supported[0]));
    }

    [Fact]
    public void Paths_are_listed_widest_first_and_plain_loops_always_work()
    {
        Assert.Equal(KernelPaths.Supported.OrderDescending(), KernelPaths.Supported);
        Assert.Equal(KernelPath.Scalar, KernelPaths.Supported[^1]);
    }
}
