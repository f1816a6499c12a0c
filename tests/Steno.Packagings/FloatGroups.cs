namespace Steno.Packagings;

/// <summary>Groups of neighbouring values as small floating-point numbers under a common scale of one byte.</summary>
/// <param name="Codes">A code for each value.</param>
/// <param name="Scales">A scale for each group: E4M3 (nvfp4), or the exponent of a power of two plus 127.</param>
/// <param name="Width">Values of a group.</param>
/// <param name="Values">The numbers that they stand for.</param>
internal sealed record FloatGroups(byte[] Codes, byte[] Scales, int Width, float[] Values)
{
    /// <summary>Encodes values.</summary>
    /// <param name="values">A whole number of groups.</param>
    /// <param name="mode">mxfp4, nvfp4 or mxfp8.</param>
    /// <param name="factor">What all scales are multiplied by.</param>
    public static FloatGroups Encode(float[] values, string mode, float factor)
    {
        int width = mode == "nvfp4" ? 16 : 32;
        double largest = mode == "mxfp8" ? 448 : 6;
        byte[] codes = new byte[values.Length];
        byte[] scales = new byte[values.Length / width];
        float[] stood = new float[values.Length];
        for (int group = 0; group < scales.Length; group++)
        {
            double magnitude = 0;
            for (int i = 0; i < width; i++) magnitude = Math.Max(magnitude, Math.Abs(values[(group * width) + i]));
            double wanted = magnitude / largest / factor;
            scales[group] = mode == "nvfp4" ? Numbers.ToE4M3(wanted) : Exponent(wanted);
            double scale = mode == "nvfp4" ? Numbers.E4M3(scales[group]) : Math.Pow(2, scales[group] - 127);
            float common = (float)scale * factor;
            for (int i = 0; i < width; i++)
            {
                int place = (group * width) + i;
                double scaled = common == 0 ? 0 : values[place] / (double)common;
                codes[place] = mode == "mxfp8" ? Numbers.ToE4M3(scaled) : Numbers.ToE2M1(scaled);
                stood[place] = (float)(mode == "mxfp8" ? Numbers.E4M3(codes[place]) : Numbers.E2M1(codes[place])) * common;
            }
        }

        return new FloatGroups(codes, scales, width, stood);
    }

    // The smallest power of two that is large enough; a group of zeros has the smallest of all.
    private static byte Exponent(double scale) => scale == 0 ? (byte)0 : (byte)Math.Clamp(Math.Ceiling(Math.Log2(scale)) + 127, 1, 254);
}
