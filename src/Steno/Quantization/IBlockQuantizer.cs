namespace Steno.Quantization;

/// <summary>A block format that Steno also writes.</summary>
internal interface IBlockQuantizer : IBlockFormat
{
    /// <summary>Stores finite values as one block, by GGML's reference algorithm without an importance matrix.</summary>
    /// <param name="values">[BlockLength].</param>
    /// <param name="block">[BlockBytes].</param>
    static abstract void Quantize(ReadOnlySpan<float> values, Span<byte> block);

    /// <summary>Stores finite values as one block such that the errors of some count more than those of others.</summary>
    /// <param name="values">[BlockLength].</param>
    /// <param name="importance">[BlockLength], all positive: how much the square of each error counts.</param>
    /// <param name="rowMeanSquare">Mean square of the row that the block is a part of.</param>
    /// <param name="block">[BlockBytes].</param>
    static abstract void Quantize(ReadOnlySpan<float> values, ReadOnlySpan<float> importance, float rowMeanSquare, Span<byte> block);
}
