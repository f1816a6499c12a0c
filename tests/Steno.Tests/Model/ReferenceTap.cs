using Steno.Diagnostics;

namespace Steno.Tests.Model;

/// <summary>Compares each activation with the reference's and, on request, replaces it, so that the next stage starts from the reference.</summary>
internal sealed class ReferenceTap(GoldenFile golden, bool replaces) : ITensorTap
{
    private readonly Dictionary<string, (double Error, double Signal, long Count)> _sums = new(StringComparer.Ordinal);

    /// <summary>Names seen so far.</summary>
    public IReadOnlyCollection<string> Names => _sums.Keys;

    /// <summary>Root mean square of the difference over that of the reference.</summary>
    public double RelativeError(string name)
    {
        (double error, double signal, long count) = _sums[name];
        Assert.Equal(golden[name].Length, count);
        return Math.Sqrt(error / signal);
    }

    public void OnRows(string name, long firstRow, Span<float> rows)
    {
        float[] reference = golden[name];
        int[] shape = golden.Shape(name);
        int width = shape[^1];
        if (_sums.TryGetValue(name, out var sums) && sums.Count == reference.Length) return; // a decode step after the prefill
        ReadOnlySpan<float> expected = reference.AsSpan(checked((int)firstRow * width), rows.Length);
        for (int i = 0; i < rows.Length; i++)
        {
            double difference = rows[i] - (double)expected[i];
            sums.Error += difference * difference;
            sums.Signal += (double)expected[i] * expected[i];
        }

        sums.Count += rows.Length;
        _sums[name] = sums;
        if (replaces) expected.CopyTo(rows);
    }
}
