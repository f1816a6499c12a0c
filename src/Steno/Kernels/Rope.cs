using System.Runtime.Intrinsics;

namespace Steno.Kernels;

/// <summary>Rotary position embedding (Su et al. 2021) in the split-half form: lane i of a head turns together with lane i + width / 2.</summary>
/// <remarks>The loop is left to the compiler: it is a thousandth of the work of the projections that feed it.</remarks>
internal static unsafe class Rope
{
    /// <summary>Frequency of each lane pair: theta^(-2i / width), in radians per position.</summary>
    public static double[] Frequencies(double theta, int headWidth)
    {
        var frequencies = new double[headWidth / 2];
        for (int i = 0; i < frequencies.Length; i++) frequencies[i] = Math.Pow(theta, -2.0 * i / headWidth);
        return frequencies;
    }

    /// <summary>Cosines and sines of position * frequency, computed in double precision.</summary>
    /// <param name="position">Position in the sequence, from 0.</param>
    /// <param name="frequencies">From <see cref="Frequencies"/>.</param>
    /// <param name="cosines">One for each frequency.</param>
    /// <param name="sines">One for each frequency.</param>
    public static void FillAngles(int position, ReadOnlySpan<double> frequencies, float* cosines, float* sines)
    {
        for (int i = 0; i < frequencies.Length; i++)
        {
            (double sine, double cosine) = Math.SinCos(position * frequencies[i]);
            cosines[i] = (float)cosine;
            sines[i] = (float)sine;
        }
    }

    /// <summary>Turns one head in place.</summary>
    /// <param name="head">[headWidth].</param>
    /// <param name="cosines">[headWidth / 2].</param>
    /// <param name="sines">[headWidth / 2].</param>
    /// <param name="headWidth">Width of a head, even.</param>
    public static void Apply(float* head, float* cosines, float* sines, int headWidth)
    {
        int half = headWidth / 2;
        int i = 0;
        for (; i <= half - Vector256<float>.Count; i += Vector256<float>.Count)
        {
            Vector256<float> low = Vector256.Load(head + i), high = Vector256.Load(head + i + half);
            Vector256<float> cosine = Vector256.Load(cosines + i), sine = Vector256.Load(sines + i);
            ((low * cosine) - (high * sine)).Store(head + i);
            ((high * cosine) + (low * sine)).Store(head + i + half);
        }

        for (; i < half; i++)
        {
            float low = head[i];
            float high = head[i + half];
            head[i] = (low * cosines[i]) - (high * sines[i]);
            head[i + half] = (high * cosines[i]) + (low * sines[i]);
        }
    }
}
