using Steno.Kernels;
using Steno.Tensors;

namespace Steno.Packing;

/// <summary>A matrix or a vector in memory.</summary>
/// <param name="Name">The tensors that it is made of.</param>
/// <param name="Matrix">The matrix, or null.</param>
/// <param name="Vector">The vector, or null.</param>
internal readonly unsafe record struct BuiltWeights(string Name, PackedMatrix? Matrix, AlignedBuffer<float>? Vector)
{
    public long ByteCount => Matrix?.ByteCount ?? Vector!.ByteCount;

    /// <summary>The first byte.</summary>
    public byte* Pointer => Matrix is not null ? Matrix.Panel(0) : (byte*)Vector!.Pointer;

    /// <summary>What the header says of it.</summary>
    /// <param name="offset">Where it begins in the file.</param>
    /// <param name="checksum">Of its bytes.</param>
    public PackedEntry ToEntry(long offset, ulong checksum) => Matrix is { } matrix
        ? new PackedEntry(Name, matrix.Format, matrix.RowCount, matrix.ColumnCount, matrix.IsPaired, offset, checksum)
        : new PackedEntry(Name, null, checked((int)Vector!.Length), 1, IsPaired: false, offset, checksum);
}
