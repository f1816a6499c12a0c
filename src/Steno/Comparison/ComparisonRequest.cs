namespace Steno.Comparison;

/// <summary>What to compare.</summary>
internal sealed record ComparisonRequest
{
    /// <summary>The model that the other is held against.</summary>
    public required ComparedModel A { get; init; }

    public required ComparedModel B { get; init; }

    /// <summary>Recordings of speech.</summary>
    public required IReadOnlyList<string> Audio { get; init; }

    /// <summary>Threads that compute; null for one for each processor.</summary>
    public int? ThreadCount { get; init; }

    /// <summary>Told which recording is next.</summary>
    public Action<string>? OnAudio { get; init; }
}
