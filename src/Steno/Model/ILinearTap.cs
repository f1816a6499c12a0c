using Steno.Kernels;

namespace Steno.Model;

/// <summary>Sees what every matrix of a model is multiplied by, the convolutions and the choice of the output head aside.</summary>
internal unsafe interface ILinearTap
{
    /// <summary>Called before each product, on one thread.</summary>
    /// <param name="weights">The matrix.</param>
    /// <param name="tiles">Its input, in the layout of <see cref="RowTiles"/>, in tiles of <see cref="PackedMatrix.InputShape"/>.</param>
    /// <param name="rowCount">Rows of the input.</param>
    void OnInput(PackedMatrix weights, float* tiles, int rowCount);
}
