namespace Steno.Audio;

/// <summary>The low-pass filter that resampling rests on: a sinc under a Kaiser window, as a function of time.</summary>
/// <remarks>
/// <para>
/// Time u is in periods of the lower of the two rates, so one kernel serves every pair: going down it keeps aliases out, going
/// up it takes images away. h(u) = c·sinc(c·u)·I0(β·sqrt(1 - (u/W)²)) / I0(β) for |u| &lt; W, else 0; its gain at 0 Hz is 1.
/// </para>
/// <para>
/// Design: pass-band to 0.913 of the lower Nyquist frequency, stop-band from 1.0 on, 120 dB: the class of soxr's high quality (0.913,
/// 20 bits). By Kaiser's formulas (Oppenheim and Schafer, Discrete-Time Signal Processing, 7.6) for A = 120 dB:
/// β = 0.1102·(A - 8.7) = 12.265; the transition is Δω = π·(1 - 0.913) = 0.2733, so the order is (A - 7.95) / (2.285·Δω) = 179.4 and
/// the half-width W = 90. The cut-off c lies in the middle of the transition, 0.9565.
/// </para>
/// </remarks>
internal static class ResamplingKernel
{
    /// <summary>Where the pass-band ends, as a share of the lower Nyquist frequency.</summary>
    public const double PassBandEdge = 0.913;

    /// <summary>Where the stop-band begins.</summary>
    public const double StopBandEdge = 1;

    /// <summary>Attenuation in the stop-band, and of what leaks into the pass-band.</summary>
    public const double AttenuationDecibels = 120;

    /// <summary>W: the kernel is zero from here on.</summary>
    public const int HalfWidth = 90;

    private const double Cutoff = (PassBandEdge + StopBandEdge) / 2;
    private const double Beta = 0.1102 * (AttenuationDecibels - 8.7);
    private static readonly double WindowScale = 1 / BesselI0(Beta);

    /// <summary>h(u).</summary>
    public static double Evaluate(double u)
    {
        double position = u / HalfWidth;
        if (Math.Abs(position) >= 1) return 0;
        double window = BesselI0(Beta * Math.Sqrt(1 - (position * position))) * WindowScale;
        double angle = Math.PI * Cutoff * u;
        double sinc = Math.Abs(angle) < 1e-9 ? 1 : Math.Sin(angle) / angle;
        return Cutoff * sinc * window;
    }

    // I0(x) = Σ ((x/2)^k / k!)²; all terms are positive, so the sum is exact to rounding.
    private static double BesselI0(double x)
    {
        double quarterSquare = x * x / 4;
        double term = 1;
        double sum = 1;
        for (int k = 1; term > sum * 1e-17; k++)
        {
            term *= quarterSquare / ((double)k * k);
            sum += term;
        }

        return sum;
    }
}
