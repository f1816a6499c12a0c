using System.Buffers;
using Steno.Quantization;

namespace Steno.Tensors;

/// <summary>
/// The values of a tensor that no run of bytes of a file holds as they are: codes and scales lie apart, dimensions have another order, something is added.
/// They are made row by row when they are read, so that no second copy of the weights is ever in memory. Safe for any number of threads.
/// </summary>
/// <param name="columnCount">Elements of a row: the product of all dimensions but the first.</param>
internal abstract class DerivedTensor(long columnCount) : IDisposable
{
    /// <summary>Elements of a row.</summary>
    public int ColumnCount { get; } = checked((int)columnCount);

    /// <summary>What the file has, in a few words, such as <c>MLX 4 bits</c>.</summary>
    public abstract string StoredAs { get; }

    /// <summary>True where the values are made of codes that share scales.</summary>
    public abstract bool IsQuantized { get; }

    /// <summary>The number format that holds every value without any loss.</summary>
    public abstract DType LosslessType { get; }

    /// <summary>Bits of the codes where <see cref="ReadCodes"/> gives them; 0 where the values have to be made numbers first.</summary>
    public virtual int CodeBits => 0;

    /// <summary>Brings what some rows are made of into memory.</summary>
    /// <param name="firstRow">The first row.</param>
    /// <param name="rowCount">How many.</param>
    /// <returns>The same tensor, of which only these rows may be read; disposing it gives the memory back.</returns>
    /// <exception cref="ModelFormatException">The bytes are no longer there, or no longer what they were.</exception>
    public abstract DerivedTensor Load(long firstRow, long rowCount);

    /// <summary>Makes one row that is loaded.</summary>
    /// <param name="row">Index of the row.</param>
    /// <param name="values">[ColumnCount]; may come out as NaN or infinite.</param>
    public abstract void ReadRow(long row, Span<float> values);

    /// <summary>Gives the codes of one row that is loaded, with their scales and minimums; only where <see cref="CodeBits"/> is not 0.</summary>
    /// <param name="row">Index of the row.</param>
    /// <param name="blocks">As many bytes as <see cref="AffineBlock.Count"/> blocks take.</param>
    public virtual void ReadCodes(long row, Span<byte> blocks) => throw new NotSupportedException($"{StoredAs} has no codes to multiply with.");

    /// <summary>Gives the blocks of one row that is loaded, where the tensor's number format is one of blocks.</summary>
    /// <param name="row">Index of the row.</param>
    /// <param name="blocks">As many bytes as the row takes.</param>
    public virtual void ReadBlocks(long row, Span<byte> blocks) => throw new NotSupportedException($"{StoredAs} has no blocks.");

    /// <summary>Gives back the memory of loaded rows; nothing, where none are.</summary>
    public abstract void Dispose();

    /// <summary>Copies consecutive elements of rows that are loaded.</summary>
    /// <param name="firstElement">Index of the first, in row-major order.</param>
    /// <param name="destination">As long as the number of elements wanted.</param>
    public void CopyTo(long firstElement, Span<float> destination)
    {
        while (!destination.IsEmpty)
        {
            long row = firstElement / ColumnCount;
            int start = (int)(firstElement % ColumnCount);
            int length = Math.Min(ColumnCount - start, destination.Length);
            if (length == ColumnCount) ReadRow(row, destination[..length]);
            else ReadPart(row, start, destination[..length]);
            destination = destination[length..];
            firstElement += length;
        }
    }

    private void ReadPart(long row, int start, Span<float> destination)
    {
        float[] whole = ArrayPool<float>.Shared.Rent(ColumnCount);
        ReadRow(row, whole.AsSpan(0, ColumnCount));
        whole.AsSpan(start, destination.Length).CopyTo(destination);
        ArrayPool<float>.Shared.Return(whole);
    }
}
