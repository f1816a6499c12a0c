using Steno.Diagnostics;

namespace Steno.Comparison;

/// <summary>Compares the activations of one model with those that were recorded of another.</summary>
/// <param name="recorded">Activations of A; each is taken out when its counterpart comes.</param>
/// <param name="widthOf">Length of the rows of an activation of A, by name.</param>
internal sealed class DifferenceTap(RecordingTap recorded, Func<string, int> widthOf) : ITensorTap
{
    private readonly Dictionary<string, TapSums> _sums = new(StringComparer.Ordinal);
    private readonly List<string> _names = [];
    private readonly LogitSums _logits = new();

    /// <summary>Differences so far, in the order in which the activations came first.</summary>
    public IReadOnlyList<TapDifference> Taps => [.. _names.Select(name => _sums[name].ToDifference(name))];

    /// <summary>Differences of the predictions so far.</summary>
    public LogitDifference Logits => _logits.ToDifference();

    public void OnRows(string name, long firstRow, Span<float> rows)
    {
        if (recorded.Take(name, firstRow) is not { } expected || expected.Length != rows.Length) return;
        int width = widthOf(name);
        if (!_sums.TryGetValue(name, out TapSums? sums))
        {
            _sums.Add(name, sums = new TapSums());
            _names.Add(name);
        }

        for (int start = 0; start < rows.Length; start += width)
        {
            sums.Add(expected.AsSpan(start, width), rows.Slice(start, width));
            if (name == "logits") _logits.Add(expected.AsSpan(start, width), rows.Slice(start, width));
        }
    }
}
