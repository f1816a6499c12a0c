using Steno.Kernels;

namespace Steno.Tests.Kernels;

/// <summary>What the kernel tests run over.</summary>
internal static class KernelCases
{
    /// <summary>Every path this machine can run, scalar included.</summary>
    public static TheoryData<string> Paths => [.. KernelPaths.Supported.Select(path => path.ToString())];

    /// <summary>Every length around the vector widths, then widths of real models.</summary>
    public static IEnumerable<int> Lengths => [.. Enumerable.Range(1, 70), .. new[] { 127, 128, 129, 255, 256, 257, 896, 1024, 3072 }];

    public static KernelPath Path(string name) => Enum.Parse<KernelPath>(name);
}
