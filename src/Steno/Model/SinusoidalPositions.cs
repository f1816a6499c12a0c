namespace Steno.Model;

/// <summary>The fixed position table of the audio tower: sines in the first half of a row, cosines in the second.</summary>
internal static class SinusoidalPositions
{
    /// <summary>Computes the table: with half = width / 2 and s_i = 10000^(-i / (half - 1)), row p holds sin(p * s_i), then cos(p * s_i).</summary>
    /// <param name="positionCount">Number of rows.</param>
    /// <param name="width">Width of a row, even and at least 4.</param>
    /// <returns>[positionCount, width].</returns>
    public static float[] Create(int positionCount, int width)
    {
        int half = width / 2;
        float[] table = new float[positionCount * width];
        for (int position = 0; position < positionCount; position++)
        {
            for (int i = 0; i < half; i++)
            {
                (double sine, double cosine) = Math.SinCos(position * Math.Pow(10_000, -(double)i / (half - 1)));
                table[(position * width) + i] = (float)sine;
                table[(position * width) + half + i] = (float)cosine;
            }
        }

        return table;
    }
}
