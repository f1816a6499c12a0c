namespace Steno.Audio;

/// <summary>
/// Triangular filters on the Slaney mel scale with Slaney area normalisation, from 0 to 8000 Hz, over the 201 power bins of a
/// 400-point transform at 16 kHz.
/// </summary>
/// <remarks>
/// Filter j rises from edge j to edge j+1 and falls to edge j+2; its height 2 / (e[j+2] - e[j]) gives every triangle unit area.
/// Everything is computed in double and rounded once. Only the run of non-zero weights of each filter is kept: 394 of
/// 128 x 201 for 128 filters.
/// </remarks>
internal sealed class MelFilterBank
{
    /// <summary>Bins 0..200 of the transform, 40 Hz apart.</summary>
    public const int PowerBinCount = 201;

    private const double BinSpacingHz = 40;
    private const double HighestHz = 8000;

    // The Slaney scale is linear with 3 mel per 200 Hz up to 1000 Hz (15 mel), then logarithmic: 27 mel for each factor of 6.4.
    private const double LinearLimitHz = 1000;
    private const double LinearLimitMel = 15;
    private const double MelPerHz = 3.0 / 200;
    private static readonly double MelPerLogHz = 27 / Math.Log(6.4);

    private readonly float[] _weights;
    private readonly int[] _firstBins;
    private readonly int[] _weightStarts;

    /// <summary>Computes the filters.</summary>
    /// <param name="melBinCount">Number of filters, at least 1.</param>
    public MelFilterBank(int melBinCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(melBinCount);
        MelBinCount = melBinCount;
        _firstBins = new int[melBinCount];
        _weightStarts = new int[melBinCount + 1];

        double[] edgesHz = EdgesHz(melBinCount);
        var weights = new List<float>();
        for (int filter = 0; filter < melBinCount; filter++)
        {
            _weightStarts[filter] = weights.Count;
            for (int bin = 0; bin < PowerBinCount; bin++)
            {
                float weight = (float)Weight(edgesHz.AsSpan(filter, 3), bin * BinSpacingHz);
                if (weight == 0) continue;
                if (weights.Count == _weightStarts[filter]) _firstBins[filter] = bin;
                weights.Add(weight);
            }
        }

        _weightStarts[melBinCount] = weights.Count;
        _weights = [.. weights];
    }

    /// <summary>Number of filters.</summary>
    public int MelBinCount { get; }

    /// <summary>First power bin that the filter weighs.</summary>
    public int FirstBin(int filter) => _firstBins[filter];

    /// <summary>The filter's weights from <see cref="FirstBin"/> on; empty when the filter lies between two bins.</summary>
    public ReadOnlySpan<float> Weights(int filter) => _weights.AsSpan(_weightStarts[filter].._weightStarts[filter + 1]);

    /// <summary>The <paramref name="melBinCount"/> + 2 edge frequencies, equally spaced in mel.</summary>
    public static double[] EdgesHz(int melBinCount)
    {
        double highestMel = MelFromHz(HighestHz);
        double[] edges = new double[melBinCount + 2];
        for (int i = 0; i < edges.Length; i++)
            edges[i] = HzFromMel(highestMel * i / (melBinCount + 1));
        return edges;
    }

    public static double MelFromHz(double hz) =>
        hz < LinearLimitHz ? hz * MelPerHz : LinearLimitMel + (Math.Log(hz / LinearLimitHz) * MelPerLogHz);

    public static double HzFromMel(double mel) =>
        mel < LinearLimitMel ? mel / MelPerHz : LinearLimitHz * Math.Exp((mel - LinearLimitMel) / MelPerLogHz);

    private static double Weight(ReadOnlySpan<double> edges, double hz)
    {
        double rising = (hz - edges[0]) / (edges[1] - edges[0]);
        double falling = (edges[2] - hz) / (edges[2] - edges[1]);
        return Math.Max(0, Math.Min(rising, falling)) * 2 / (edges[2] - edges[0]);
    }
}
