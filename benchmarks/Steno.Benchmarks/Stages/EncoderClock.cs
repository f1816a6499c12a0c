using System.Diagnostics;
using Steno.Diagnostics;

namespace Steno.Benchmarks.Stages;

/// <summary>Splits the time of the encoder by the moments at which its stem and its projection have finished a block.</summary>
internal sealed class EncoderClock : ITensorTap
{
    private long _last = Stopwatch.GetTimestamp();

    public TimeSpan Stem { get; private set; }

    /// <summary>Layers and projection.</summary>
    public TimeSpan Layers { get; private set; }

    public void OnRows(string name, long firstRow, Span<float> rows)
    {
        if (name is not ("stem" or "audio")) return;
        long now = Stopwatch.GetTimestamp();
        TimeSpan elapsed = Stopwatch.GetElapsedTime(_last, now);
        if (name == "stem") Stem += elapsed;
        else Layers += elapsed;
        _last = now;
    }
}
