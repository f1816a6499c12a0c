using System.Runtime.Intrinsics;

namespace Steno.Kernels;

/// <summary>The kernel paths of this machine and the one in use.</summary>
internal static class KernelPaths
{
    /// <summary>Environment variable that forces a path by its name.</summary>
    public const string Variable = "STENO_KERNEL";

    /// <summary>Paths that this machine runs in hardware, best first; the scalar path is always the last.</summary>
    public static IReadOnlyList<KernelPath> Supported { get; } =
        Vector128.IsHardwareAccelerated ? [KernelPath.Vector128, KernelPath.Scalar] : [KernelPath.Scalar];

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

    private static KernelPath? TryParse(string? name)
    {
        foreach (KernelPath path in Supported)
        {
            if (path.ToString().Equals(name, StringComparison.OrdinalIgnoreCase)) return path;
        }

        return null;
    }
}
