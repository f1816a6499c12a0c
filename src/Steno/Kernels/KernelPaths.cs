using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Steno.Kernels;

/// <summary>The kernel paths of this machine and the one in use.</summary>
internal static class KernelPaths
{
    /// <summary>Environment variable that forces a path by its name.</summary>
    public const string Variable = "STENO_KERNEL";

    /// <summary>Paths that this machine runs in hardware, best first; the scalar path is always the last.</summary>
    public static IReadOnlyList<KernelPath> Supported { get; } = FindSupported();

    /// <summary>The path that the kernels take: the best one, unless <see cref="Variable"/> names another.</summary>
    public static KernelPath Selected { get; } = TryParse(Environment.GetEnvironmentVariable(Variable)) ?? Supported[0];

    /// <summary>Checks that <see cref="Variable"/>, when set, names a path of this machine.</summary>
    /// <exception cref="NotSupportedException">It does not.</exception>
    public static void RequireValidVariable()
    {
        string? name = Environment.GetEnvironmentVariable(Variable);
        if (!string.IsNullOrEmpty(name) && TryParse(name) is null)
            throw new NotSupportedException($"The environment variable {Variable} is '{name}'; on this machine it may be one of {string.Join(", ", Supported)}, or unset.");
    }

    // Vectors without a fused multiply-add in hardware would be slower than plain loops, which at least leave it to the runtime.
    private static List<KernelPath> FindSupported()
    {
        bool hasMultiplyAdd = Fma.IsSupported || AdvSimd.IsSupported;
        var paths = new List<KernelPath>();
        if (Vector512.IsHardwareAccelerated && hasMultiplyAdd) paths.Add(KernelPath.Vector512);
        if (Vector256.IsHardwareAccelerated && hasMultiplyAdd) paths.Add(KernelPath.Vector256);
        if (Vector128.IsHardwareAccelerated && hasMultiplyAdd) paths.Add(KernelPath.Vector128);
        paths.Add(KernelPath.Scalar);
        return paths;
    }

    private static KernelPath? TryParse(string? name)
    {
        foreach (KernelPath path in Supported)
        {
            if (path.ToString().Equals(name, StringComparison.OrdinalIgnoreCase)) return path;
        }

        return null;
    }
}
