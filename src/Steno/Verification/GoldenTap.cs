using Steno.Diagnostics;

namespace Steno.Verification;

/// <summary>Compares each activation with the reference's and, on request, replaces it, so that the next stage starts from the reference.</summary>
internal sealed class GoldenTap(GoldenFile golden, bool replaces) : ITensorTap
{
    private readonly Dictionary<string, Sums> _sums = new(StringComparer.Ordinal);

    /// <summary>Root mean square of the difference over that of the reference; null when the activation was not seen as the reference has it.</summary>
    public double? RelativeError(string name)
    {
        if (!_sums.TryGetValue(name, out Sums? sums) || sums.HasOtherShape || sums.Count != golden.Values(name).Length) return null;
        if (sums.Error == 0) return 0;
        return Math.Sqrt(sums.Error / sums.Signal);
    }

    public void OnRows(string name, long firstRow, Span<float> rows)
    {
        if (!golden.Has(name)) return;
        if (!_sums.TryGetValue(name, out Sums? sums)) _sums.Add(name, sums = new Sums());
        float[] reference = golden.Values(name);
        if (sums.Count == reference.Length) return; // a decode step after the prefill

        long width = golden.WidthOf(name);
        long start = firstRow * width;
        if (width == 0 || rows.Length % width != 0 || start != sums.Count || start + rows.Length > reference.Length)
        {
            sums.HasOtherShape = true;
            return;
        }

        ReadOnlySpan<float> expected = reference.AsSpan((int)start, rows.Length);
        for (int i = 0; i < rows.Length; i++)
        {
            double difference = rows[i] - (double)expected[i];
            sums.Error += difference * difference;
            sums.Signal += (double)expected[i] * expected[i];
        }

        sums.Count += rows.Length;
        if (replaces) expected.CopyTo(rows);
    }

    private sealed class Sums
    {
        public double Error { get; set; }

        public double Signal { get; set; }

        public long Count { get; set; }

        public bool HasOtherShape { get; set; }
    }
}
