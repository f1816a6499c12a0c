namespace Steno.Kernels;

/// <summary>A way to compute: which vector registers the kernels use.</summary>
internal enum KernelPath
{
    /// <summary>Plain loops: the twin that every other path is tested against.</summary>
    Scalar,

    /// <summary>128-bit vectors: SSE and FMA on x64, AdvSimd on ARM64.</summary>
    Vector128,

    /// <summary>256-bit vectors: AVX2 and FMA.</summary>
    Vector256,

    /// <summary>512-bit vectors: AVX-512.</summary>
    Vector512,
}
