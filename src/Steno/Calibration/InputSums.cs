using Steno.Kernels;
using Steno.Model;

namespace Steno.Calibration;

/// <summary>Adds up what each matrix is multiplied by.</summary>
internal sealed unsafe class InputSums : ILinearTap
{
    private readonly Dictionary<PackedMatrix, ColumnSums> _sums = [];

    /// <summary>The sums of a matrix; null where it was never used.</summary>
    public ColumnSums? Of(PackedMatrix weights) => _sums.GetValueOrDefault(weights);

    public void OnInput(PackedMatrix weights, float* tiles, int rowCount)
    {
        if (!_sums.TryGetValue(weights, out ColumnSums? sums)) _sums.Add(weights, sums = new ColumnSums(weights.ColumnCount));
        sums.Add(tiles, weights.InputShape(rowCount));
    }
}
