namespace Steno.Kernels;

/// <summary>A way to compute: which vector registers the kernels use.</summary>
internal enum KernelPath
{
    /// <summary>Plain loops: the twin that every other path is tested against.</summary>
    Scalar,

    /// <summary>128-bit vectors through the portable API: SSE and AVX on x64, AdvSimd on ARM64.</summary>
    Vector128,
}
