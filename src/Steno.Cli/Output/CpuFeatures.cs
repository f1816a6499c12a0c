using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Steno.Cli.Output;

/// <summary>The vector instructions that the engine can use, and whether this processor and runtime offer them.</summary>
internal static class CpuFeatures
{
    public static IReadOnlyList<(string Name, bool IsSupported)> All { get; } =
    [
        ("AVX-512", Avx512F.IsSupported && Avx512BW.IsSupported),
        ("AVX2", Avx2.IsSupported),
        ("FMA", Fma.IsSupported),
        ("AVX-VNNI", AvxVnni.IsSupported),
        ("AdvSimd", AdvSimd.IsSupported),
    ];
}
