using Steno.Kernels;

namespace Steno.Packing;

/// <summary>A matrix or vector of a packed file.</summary>
/// <param name="Name">The names of the tensors that it is made of, with a plus sign between.</param>
/// <param name="Format">Number format of a matrix; null for a vector, which is of F32.</param>
/// <param name="RowCount">Rows of a matrix, elements of a vector.</param>
/// <param name="ColumnCount">Columns of a matrix, 1 of a vector.</param>
/// <param name="IsPaired"><see cref="PackedMatrix.IsPaired"/>.</param>
/// <param name="Offset">Where its bytes begin in the file.</param>
/// <param name="Checksum">Of its bytes.</param>
internal sealed record PackedEntry(string Name, WeightFormat? Format, int RowCount, int ColumnCount, bool IsPaired, long Offset, ulong Checksum)
{
    /// <summary>Bytes that it takes.</summary>
    public long ByteCount => Format is { } format ? PackedMatrix.BytesOf(format, RowCount, ColumnCount, IsPaired) : (long)RowCount * sizeof(float);
}
