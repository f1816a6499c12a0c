namespace Steno;

/// <summary>What to fetch of a model, and how.</summary>
public sealed record PullOptions
{
    /// <summary>Paths of the files to fetch, in the repository; null for those that Steno needs. Files fetched before are kept.</summary>
    public IReadOnlyList<string>? Files { get; init; }

    /// <summary>Files fetched at the same time, 1 to 16.</summary>
    public int Parallelism { get; init; } = 3;

    /// <summary>How long a server may send next to nothing (under 16 KiB) before the connection is given up and made anew.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often a request is made anew after a fault that may pass, such as a cut connection or an overloaded server.</summary>
    public int RetryCount { get; init; } = 5;
}
