namespace Steno.Kernels;

/// <summary>Where a <see cref="Gemm"/> reads its activations and writes its outputs.</summary>
internal readonly unsafe struct GemmOperands
{
    /// <summary>A [M, K]: activations in the layout of <see cref="RowTiles"/>, or of <see cref="QuantizedRows"/> where the weights are quantised.</summary>
    public required void* Input { get; init; }

    /// <summary>M.</summary>
    public required int RowCount { get; init; }

    /// <summary>[N], or null for none.</summary>
    public float* Bias { get; init; }

    /// <summary>C [M, N]: outputs, row by row, or in the layout of <see cref="RowTiles"/>. Must not overlap <see cref="Input"/>.</summary>
    public required float* Output { get; init; }

    /// <summary>True when <see cref="Output"/> is in the layout of <see cref="RowTiles"/>, as input of another product.</summary>
    public bool IsOutputTiled { get; init; }

    /// <summary>What happens to each finished output.</summary>
    public GemmEpilogue Epilogue { get; init; }
}
