namespace Steno.Kernels;

/// <summary>How codes of a quantised panel are multiplied by codes of a row and added as integers, for one register width.</summary>
/// <typeparam name="TInts">A register of 32-bit integers, one for each output.</typeparam>
/// <typeparam name="TVector">A register of floats that the integers become.</typeparam>
/// <remarks>
/// A sweep over a block goes through its quads of columns. For each quad up to four registers of weight codes are made, and each row of the tile
/// takes a step with them; what the registers hold, and whether a row's sums are in one register or in two, is up to the implementation.
/// </remarks>
internal unsafe interface IDotLanes<TInts, TVector>
    where TInts : struct
    where TVector : struct
{
    /// <summary>Outputs that a sweep sums.</summary>
    static abstract int OutputCount { get; }

    /// <summary>Bytes of a row's codes in one quad: <see cref="QuantizedRows.QuadBytes"/>.</summary>
    static abstract int QuadBytes { get; }

    /// <summary>Sums that begin with a number.</summary>
    static abstract void Start(int correction, out TInts low, out TInts high);

    /// <summary>Weight codes of a quad for a sweep's outputs; see <see cref="IPanelFormat.Codes256"/>.</summary>
    static abstract void Codes<TFormat>(byte* block, int pair, int member, int output, out TInts w0, out TInts w1, out TInts w2, out TInts w3)
        where TFormat : struct, IPanelFormat;

    /// <summary>Adds the products of a quad's weight codes and a row's codes.</summary>
    /// <param name="w0">From <see cref="Codes"/>.</param>
    /// <param name="w1">From <see cref="Codes"/>.</param>
    /// <param name="w2">From <see cref="Codes"/>.</param>
    /// <param name="w3">From <see cref="Codes"/>.</param>
    /// <param name="x">The row's codes of the quad.</param>
    /// <param name="low">The row's sums.</param>
    /// <param name="high">The row's sums, where one register does not hold those of all outputs of the sweep.</param>
    static abstract void Step(TInts w0, TInts w1, TInts w2, TInts w3, byte* x, ref TInts low, ref TInts high);

    /// <summary>Ends a block for one row: adds the scaled sums to the outputs.</summary>
    /// <param name="low">The row's sums.</param>
    /// <param name="high">The row's sums.</param>
    /// <param name="scales">Scales of the outputs in the first register of floats.</param>
    /// <param name="highScales">Scales of those in the second, where the sweep has two.</param>
    /// <param name="minimums">Minimums, where the format has them.</param>
    /// <param name="highMinimums">Minimums, where the format has them.</param>
    /// <param name="factor">The row's factor; its correction lies <paramref name="height"/> numbers behind.</param>
    /// <param name="height">Rows of the tile.</param>
    /// <param name="sums">The row's outputs of the sweep.</param>
    static abstract void Finish<TFormat>(TInts low, TInts high, TVector scales, TVector highScales, TVector minimums, TVector highMinimums, float* factor, int height, float* sums)
        where TFormat : struct, IPanelFormat;
}
