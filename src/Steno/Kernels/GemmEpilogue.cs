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
}
