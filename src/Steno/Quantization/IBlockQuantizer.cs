namespace Steno.Quantization;

/// <summary>A block format that Steno also writes.</summary>
internal interface IBlockQuantizer : IBlockFormat
{
    /// <summary>Stores finite values as one block, by GGML's reference algorithm without an importance matrix.</summary>
    /// <param name="values">[BlockLength].</param>
    /// <param name="block">[BlockBytes].</param>
    static abstract void Quantize(ReadOnlySpan<float> values, Span<byte> block);
}
