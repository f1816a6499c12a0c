namespace Steno.Kernels;

/// <summary>Where a <see cref="Gemm"/> reads its activations and writes its outputs.</summary>
internal readonly unsafe struct GemmOperands
{
    /// <summary>A [M, K]: activations.</summary>
    public float* Input { get; init; }

    /// <summary>Floats from one row of <see cref="Input"/> to the next.</summary>
    public long InputStride { get; init; }

    /// <summary>M.</summary>
    public int RowCount { get; init; }

    /// <summary>[N], or null for none.</summary>
    public float* Bias { get; init; }

    /// <summary>C [M, N]: outputs. Must not overlap <see cref="Input"/>.</summary>
    public float* Output { get; init; }

    /// <summary>Floats from one row of <see cref="Output"/> to the next.</summary>
    public long OutputStride { get; init; }

    /// <summary>What happens to each finished output.</summary>
    public GemmEpilogue Epilogue { get; init; }

    /// <summary>The same operands for some of the rows.</summary>
    public GemmOperands Rows(int firstRow, int rowCount) => this with
    {
        Input = Input + (firstRow * InputStride),
        Output = Output + (firstRow * OutputStride),
        RowCount = rowCount,
    };
}
