using Steno.Kernels;

namespace Steno.Tests.Kernels;

public sealed class KernelPathsTests
{
    [Fact]
    public void The_path_that_runs_is_the_one_the_environment_names_or_else_the_best()
    {
        string? forced = Environment.GetEnvironmentVariable(KernelPaths.Variable);
        string expected = string.IsNullOrEmpty(forced) ? KernelPaths.Supported[0].ToString() : forced;

        Assert.Equal(expected, KernelPaths.Selected.ToString(), ignoreCase: true);
        using AsrModel model = AsrModel.Load(AsrModel.BuiltInName);
        Assert.Equal(expected, model.Info.KernelPath, ignoreCase: true);
    }

    [Fact]
    public void Paths_are_listed_widest_first_and_plain_loops_always_work()
    {
        Assert.Equal(KernelPaths.Supported.OrderDescending(), KernelPaths.Supported);
        Assert.Equal(KernelPath.Scalar, KernelPaths.Supported[^1]);
    }
}
