using System.Runtime.Intrinsics.X86;
using Steno.Kernels;
using Steno.Tests.Kernels;

namespace Steno.Tests.InstructionSets;

/// <summary>The tests of the kernels once more in processes without some instruction sets: a narrower path then has the registers that it will have.</summary>
/// <remarks>With AVX-512 the compiler uses 32 registers for code of 256 and 128 bits too.</remarks>
public sealed class InstructionSetTests
{
    private static string Best => KernelPathsTests.Describe(KernelPaths.Supported[0]);

    [Fact]
    public Task Without_avx_512()
    {
        SkipUnless(Avx512F.IsSupported, "AVX-512");
        return RunKernels($"Vector256, {(AvxVnni.IsSupported ? "bytes" : "16-bit numbers")}", ("DOTNET_EnableAVX512", "0"));
    }

    [Fact]
    public Task Without_avx_512_and_avx_vnni()
    {
        SkipUnless(Avx2.IsSupported && AvxVnni.IsSupported, "AVX-VNNI");
        return RunKernels("Vector256, 16-bit numbers", ("DOTNET_EnableAVX512", "0"), ("DOTNET_EnableAVXVNNI", "0"));
    }

    [Fact]
    public Task Without_avx_vnni()
    {
        SkipUnless(Avx512F.IsSupported && AvxVnni.IsSupported, "AVX-512 and AVX-VNNI");
        return RunKernels("Vector512, 16-bit numbers", ("DOTNET_EnableAVXVNNI", "0"));
    }

    // The runtime takes the fused multiply-add and AVX2 for one instruction set.
    [Fact]
    public Task Without_avx_2()
    {
        SkipUnless(Avx2.IsSupported, "AVX2");
        return RunKernels("Scalar, bytes", ("DOTNET_EnableAVX2", "0"));
    }

    [Fact]
    public Task Without_any_instruction_set() => RunKernels("Scalar, bytes", ("DOTNET_EnableHWIntrinsic", "0"));

    [Fact]
    public Task With_the_protected_page_before_the_first_element()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs pages that can be protected");
        return RunKernels(Best, (GuardedBuffer<byte>.EdgeVariable, "first"));
    }

    private static Task RunKernels(string expectedPath, params (string Name, string Value)[] variables)
    {
        (string, string)[] others = [(KernelPathsTests.ExpectedPathVariable, expectedPath), (KernelPaths.Variable, string.Empty)];
        return ChildRun.RunAsync(["-namespace", typeof(KernelPathsTests).Namespace!], [.. others, .. variables], TestContext.Current.CancellationToken);
    }

    private static void SkipUnless(bool isSupported, string name) => Assert.SkipUnless(isSupported, $"this processor has no {name} that could be switched off");
}
