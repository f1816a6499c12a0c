using Steno.Tensors;

namespace Steno.Checkpoints.Packed;

/// <summary>The codes that stand for zero, one for each group of a row.</summary>
internal interface IZeroPoints : IDisposable
{
    /// <inheritdoc cref="DerivedTensor.Load"/>
    IZeroPoints Load(long firstRow, long rowCount);

    /// <summary>Reads those of a row that is loaded: whole numbers.</summary>
    /// <param name="row">Row of the matrix.</param>
    /// <param name="zeros">One for each group.</param>
    void Read(long row, Span<float> zeros);
}
