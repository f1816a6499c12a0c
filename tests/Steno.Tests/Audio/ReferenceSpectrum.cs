namespace Steno.Tests.Audio;

/// <summary>The log-mel spectrogram in double precision, straight from its definition.</summary>
internal static class ReferenceSpectrum
{
    /// <summary>|X[k]|², k = 0..200, of 400 values.</summary>
    public static double[] Power(ReadOnlySpan<double> frame)
    {
        double[] power = new double[201];
        for (int k = 0; k < power.Length; k++)
        {
            double real = 0, imaginary = 0;
            for (int n = 0; n < 400; n++)
            {
                (double sin, double cos) = Math.SinCos(2 * Math.PI * (k * n % 400) / 400);
                real += frame[n] * cos;
                imaginary -= frame[n] * sin;
            }

            power[k] = (real * real) + (imaginary * imaginary);
        }

        return power;
    }

    public static double[] LogMel(float[] samples, int melBinCount)
    {
        double[,] filters = Filters(melBinCount);
        int frameCount = samples.Length / 160;
        double[] result = new double[frameCount * melBinCount];
        double[] frame = new double[400];
        for (int t = 0; t < frameCount; t++)
        {
            for (int n = 0; n < 400; n++)
                frame[n] = 0.5 * (1 - Math.Cos(2 * Math.PI * n / 400)) * Reflected(samples, (160 * t) + n - 200);
            double[] power = Power(frame);
            for (int j = 0; j < melBinCount; j++)
            {
                double sum = 0;
                for (int k = 0; k < 201; k++)
                    sum += filters[j, k] * power[k];
                result[(t * melBinCount) + j] = Math.Log10(Math.Max(sum, 1e-10));
            }
        }

        double lowest = result.Max() - 8;
        return [.. result.Select(value => (Math.Max(value, lowest) + 4) / 4)];
    }

    private static double Reflected(float[] samples, int index) =>
        samples[index < 0 ? -index : index >= samples.Length ? (2 * (samples.Length - 1)) - index : index];

    private static double[,] Filters(int melBinCount)
    {
        const double HighestMel = 45.245640471924965;
        double[] edges = [.. Enumerable.Range(0, melBinCount + 2).Select(i => HighestMel * i / (melBinCount + 1))
            .Select(mel => mel < 15 ? 200 * mel / 3 : 1000 * Math.Pow(6.4, (mel - 15) / 27))];
        double[,] filters = new double[melBinCount, 201];
        for (int j = 0; j < melBinCount; j++)
        {
            for (int k = 0; k < 201; k++)
            {
                double up = ((40 * k) - edges[j]) / (edges[j + 1] - edges[j]);
                double down = (edges[j + 2] - (40 * k)) / (edges[j + 2] - edges[j + 1]);
                filters[j, k] = Math.Max(0, Math.Min(up, down)) * 2 / (edges[j + 2] - edges[j]);
            }
        }

        return filters;
    }
}
