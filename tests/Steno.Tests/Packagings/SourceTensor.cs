using Steno.Tests.Dialects;

namespace Steno.Tests.Packagings;

/// <summary>A tensor of a <see cref="SourceModel"/>, whose values are read when they are wanted: a large model is never in memory as a whole.</summary>
internal sealed record SourceTensor(string Name, long[] Shape, Func<float[]> Read)
{
    // A whole number of blocks of every type.
    private const int PieceLength = 1 << 18;

    public bool IsAudio => Name.StartsWith("thinker.audio_tower.", StringComparison.Ordinal);

    public bool IsEmbedding => Name.EndsWith("embed_tokens.weight", StringComparison.Ordinal);

    public long ElementCount => Shape.Aggregate(1L, (product, dimension) => product * dimension);

    public float[] Values => Read();

    /// <summary>The tensor in a type, as a file has it.</summary>
    public TensorBytes In(string type) => new(ElementCount / ScalarBlocks.BlockLength(type) * ScalarBlocks.BlockBytes(type), () => Encode(type));

    /// <summary>The bytes of the tensor in a type.</summary>
    public byte[] Encode(string type)
    {
        float[] values = Values;
        byte[] data = new byte[In(type).Count];
        int pieceBytes = PieceLength / ScalarBlocks.BlockLength(type) * ScalarBlocks.BlockBytes(type);
        Parallel.For(0, (values.Length + PieceLength - 1) / PieceLength, piece =>
        {
            int first = piece * PieceLength;
            TinyGguf.Encode(values[first..Math.Min(values.Length, first + PieceLength)], type).CopyTo(data, (long)piece * pieceBytes);
        });
        return data;
    }
}
