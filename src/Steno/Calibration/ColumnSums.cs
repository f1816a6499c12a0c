using Steno.Kernels;

namespace Steno.Calibration;

/// <summary>Adds up the squares of each column of what a matrix is multiplied by.</summary>
internal sealed unsafe class ColumnSums(int width)
{
    // A column that calibration never met must still count something.
    private const double Floor = 1e-5;

    private readonly double[] _squares = new double[width];
    private long _rowCount;

    /// <summary>Adds rows.</summary>
    /// <param name="tiles">Rows in the layout of <see cref="RowTiles"/>; those that fill up the last tile are zero.</param>
    /// <param name="shape">How the rows are cut into tiles.</param>
    public void Add(float* tiles, TileShape shape)
    {
        for (int tile = 0; tile < shape.Count; tile++)
        {
            int height = shape.HeightOf(tile);
            for (int column = 0; column < width; column++)
            {
                double sum = 0;
                for (int row = 0; row < height; row++, tiles++) sum += (double)*tiles * *tiles;
                _squares[column] += sum;
            }
        }

        _rowCount += shape.RowCount;
    }

    /// <summary>Mean of the squares of each column.</summary>
    public float[] ToMeans()
    {
        double floor = Math.Max(Floor * _squares.Sum() / (width * (double)_rowCount), float.Epsilon);
        return Array.ConvertAll(_squares, sum => (float)Math.Max(sum / _rowCount, floor));
    }
}
