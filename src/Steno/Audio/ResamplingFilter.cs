using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Steno.Audio;

/// <summary>The weights of <see cref="ResamplingKernel"/> for one pair of rates.</summary>
/// <remarks>
/// Output sample i lies at input time i·in/out. With in/out = M/L in lowest terms that is a whole number q plus a phase p/L, and
/// the weights depend on p alone: a table of L rows when it is small, as for all common rates. Pairs with many phases evaluate the
/// kernel by linear interpolation of one table with 2048 points per period, shared by all of them: the error, at most
/// max|h''| / (8·2048²) = 9e-8, stays below that of 24-bit weights near the peak.
/// </remarks>
internal sealed class ResamplingFilter
{
    /// <summary>512 KiB: enough for 44.1, 22.05 and 11.025 kHz.</summary>
    private const int MaximumTableLength = 1 << 17;

    private const int PointsPerPeriod = 2048;

    private static readonly Lazy<float[]> SharedPoints = new(ComputePoints);

    private readonly int _phaseCount;
    private readonly double _periodsPerInputSample;
    private readonly float[]? _rows;

    /// <summary>Computes the weights.</summary>
    /// <param name="inputRateHz">Rate of the samples that are weighed.</param>
    /// <param name="outputRateHz">Rate of the results.</param>
    public ResamplingFilter(int inputRateHz, int outputRateHz)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inputRateHz);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(outputRateHz);
        int divisor = GreatestCommonDivisor(inputRateHz, outputRateHz);
        _phaseCount = outputRateHz / divisor;
        InputStep = inputRateHz / divisor;
        _periodsPerInputSample = Math.Min(1, (double)outputRateHz / inputRateHz);

        // Rounded up to a multiple of 4, so that a row is a whole number of vectors.
        HalfLength = ((int)Math.Ceiling(ResamplingKernel.HalfWidth / _periodsPerInputSample) + 3) / 4 * 4;
        if ((long)_phaseCount * RowLength <= MaximumTableLength) _rows = ComputeRows();
    }

    /// <summary>L: number of phases.</summary>
    public int PhaseCount => _phaseCount;

    /// <summary>M: phases from one output sample to the next.</summary>
    public int InputStep { get; }

    /// <summary>Input samples on either side that an output sample draws from: q - HalfLength + 1 to q + HalfLength.</summary>
    public int HalfLength { get; }

    private int RowLength => 2 * HalfLength;

    /// <summary>One output sample.</summary>
    /// <param name="window">Input samples q - HalfLength + 1 to q + HalfLength.</param>
    /// <param name="phase">p, 0 to <see cref="PhaseCount"/> - 1.</param>
    public float Apply(ReadOnlySpan<float> window, int phase) =>
        _rows is null ? ApplyInterpolated(window, phase) : Dot(window, _rows.AsSpan(phase * RowLength, RowLength));

    // Four sums hide the latency of the additions; the order of additions is the same for every call.
    private static float Dot(ReadOnlySpan<float> window, ReadOnlySpan<float> row)
    {
        ref float left = ref MemoryMarshal.GetReference(window[..row.Length]);
        ref float right = ref MemoryMarshal.GetReference(row);
        Vector256<float> sum0 = default, sum1 = default, sum2 = default, sum3 = default;
        int i = 0;
        for (; i <= row.Length - 32; i += 32)
        {
            sum0 = MultiplyAdd(ref left, ref right, i, sum0);
            sum1 = MultiplyAdd(ref left, ref right, i + 8, sum1);
            sum2 = MultiplyAdd(ref left, ref right, i + 16, sum2);
            sum3 = MultiplyAdd(ref left, ref right, i + 24, sum3);
        }

        for (; i < row.Length; i += 8)
            sum0 = MultiplyAdd(ref left, ref right, i, sum0);
        return Vector256.Sum(sum0 + sum1 + (sum2 + sum3));

        static Vector256<float> MultiplyAdd(ref float left, ref float right, int index, Vector256<float> sum) =>
            Vector256.MultiplyAddEstimate(Vector256.LoadUnsafe(ref left, (nuint)index), Vector256.LoadUnsafe(ref right, (nuint)index), sum);
    }

    private float ApplyInterpolated(ReadOnlySpan<float> window, int phase)
    {
        float[] points = SharedPoints.Value;
        double sum = 0;
        for (int tap = 0; tap < window.Length; tap++)
        {
            double position = Math.Abs(Distance(tap, phase)) * _periodsPerInputSample * PointsPerPeriod;
            int index = (int)position;
            if (index >= points.Length - 1) continue;
            float before = points[index];
            sum += window[tap] * (before + ((position - index) * (points[index + 1] - before)));
        }

        return (float)(sum * _periodsPerInputSample);
    }

    // From the output sample to a tap, in input samples.
    private double Distance(int tap, int phase) => tap - HalfLength + 1 - ((double)phase / _phaseCount);

    private float[] ComputeRows()
    {
        float[] rows = new float[_phaseCount * RowLength];
        for (int phase = 0; phase < _phaseCount; phase++)
        {
            for (int tap = 0; tap < RowLength; tap++)
            {
                double weight = ResamplingKernel.Evaluate(Distance(tap, phase) * _periodsPerInputSample);
                rows[(phase * RowLength) + tap] = (float)(weight * _periodsPerInputSample);
            }
        }

        return rows;
    }

    private static float[] ComputePoints()
    {
        float[] points = new float[(ResamplingKernel.HalfWidth * PointsPerPeriod) + 1];
        for (int i = 0; i < points.Length; i++)
            points[i] = (float)ResamplingKernel.Evaluate((double)i / PointsPerPeriod);
        return points;
    }

    private static int GreatestCommonDivisor(int a, int b)
    {
        while (b != 0)
            (a, b) = (b, a % b);
        return a;
    }
}
