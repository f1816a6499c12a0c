namespace Steno.Tests.Support;

/// <summary>An answer of a <see cref="HubServer"/>, which may be as wrong as a test wants.</summary>
internal sealed record HubAnswer(int Status, ReadOnlyMemory<byte> Body)
{
    public List<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>What Content-Length says; null for the length of the body.</summary>
    public long? AnnouncedLength { get; init; }

    /// <summary>True to send the body in chunks, without its length.</summary>
    public bool IsChunked { get; init; }

    /// <summary>After how many bytes of the body the connection is cut; null to send it all.</summary>
    public int? CutAfter { get; init; }

    /// <summary>After how many bytes of the body the server falls silent, with the connection open; null for never.</summary>
    public int? StallAfter { get; init; }

    /// <summary>Bytes sent at a time.</summary>
    public int PieceBytes { get; init; } = 64 * 1024;

    /// <summary>Wait after each piece.</summary>
    public TimeSpan PieceDelay { get; init; }

    public static HubAnswer Json(string text) => new(200, System.Text.Encoding.UTF8.GetBytes(text)) { Headers = [("Content-Type", "application/json")] };

    public static HubAnswer Empty(int status, params (string Name, string Value)[] headers) => new(status, ReadOnlyMemory<byte>.Empty) { Headers = [.. headers] };

    public HubAnswer With(string name, string value) => this with { Headers = [.. Headers, (name, value)] };
}
