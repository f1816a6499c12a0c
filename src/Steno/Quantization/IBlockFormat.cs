namespace Steno.Quantization;

/// <summary>A number format that stores a fixed number of weights in a fixed number of bytes, as GGML defines it.</summary>
internal interface IBlockFormat
{
    /// <summary>Weights of a block.</summary>
    static abstract int BlockLength { get; }

    /// <summary>Bytes of a block.</summary>
    static abstract int BlockBytes { get; }

    /// <summary>Where the F16 numbers of a block lie: its weights are finite exactly where these are.</summary>
    static abstract ReadOnlySpan<int> ScaleOffsets { get; }

    /// <summary>Expands one block, each value rounded as GGML rounds it.</summary>
    /// <param name="block">[BlockBytes].</param>
    /// <param name="values">[BlockLength].</param>
    static abstract void Dequantize(ReadOnlySpan<byte> block, Span<float> values);
}
