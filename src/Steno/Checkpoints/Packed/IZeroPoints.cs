namespace Steno.Checkpoints.Packed;

/// <summary>The codes that stand for zero, one for each group of a row.</summary>
internal interface IZeroPoints
{
    /// <summary>Reads those of a row: whole numbers.</summary>
    /// <param name="row">Row of the matrix.</param>
    /// <param name="zeros">One for each group.</param>
    void Read(long row, Span<float> zeros);
}
