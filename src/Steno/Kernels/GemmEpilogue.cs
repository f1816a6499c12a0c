namespace Steno.Kernels;

/// <summary>What a <see cref="Gemm"/> does with each finished output.</summary>
internal enum GemmEpilogue
{
    /// <summary>Writes it.</summary>
    Store,

    /// <summary>Adds it to what is there: the residual connection.</summary>
    Add,

    /// <summary>Writes its <see cref="Kernels.Gelu"/>.</summary>
    Gelu,

    /// <summary>
    /// Writes silu(gate) * up (<see cref="Kernels.SwiGlu"/>): the panels of the matrix alternate between gate and up, and there are half as
    /// many outputs as rows of the matrix.
    /// </summary>
    SwiGlu,
}
