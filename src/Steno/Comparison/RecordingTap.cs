using Steno.Diagnostics;

namespace Steno.Comparison;

/// <summary>Keeps activations until they are taken.</summary>
internal sealed class RecordingTap : ITensorTap
{
    private readonly Dictionary<(string Name, long FirstRow), float[]> _blocks = [];

    public void OnRows(string name, long firstRow, Span<float> rows) => _blocks[(name, firstRow)] = rows.ToArray();

    /// <summary>Takes a block of rows; null where there is none.</summary>
    public float[]? Take(string name, long firstRow) => _blocks.Remove((name, firstRow), out float[]? rows) ? rows : null;

    /// <summary>Forgets what was not taken.</summary>
    public void Clear() => _blocks.Clear();
}
