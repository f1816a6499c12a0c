using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

[assembly: AssemblyFixture(typeof(Steno.Tests.InstructionSets.UntestedPaths))]

namespace Steno.Tests.InstructionSets;

/// <summary>Says at the end of a run which kernels the processor could not run.</summary>
public sealed class UntestedPaths : IDisposable
{
    private static (string Kernels, string InstructionSet, bool IsSupported)[] All =>
    [
        ("kernels that multiply bytes", "AVX-VNNI", AvxVnni.IsSupported),
        ("kernels of 512 bits", "AVX-512", Avx512BW.IsSupported),
        ("kernels of 256 bits", "AVX2", Avx2.IsSupported),
        ("kernels of ARM64", "AdvSimd", AdvSimd.IsSupported),
    ];

    public void Dispose()
    {
        foreach ((string kernels, string instructionSet, bool isSupported) in All)
        {
            if (!isSupported) TestContext.Current.SendDiagnosticMessage($"NOT TESTED: {kernels}; this processor has no {instructionSet}");
        }
    }
}
