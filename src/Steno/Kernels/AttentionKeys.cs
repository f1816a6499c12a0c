namespace Steno.Kernels;

/// <summary>The keys and values that one attention head sees: positions 0..Count-1, spread over pages.</summary>
internal readonly unsafe struct AttentionKeys
{
    /// <summary>Start of each page, in elements of the cache's number format.</summary>
    public void** Pages { get; init; }

    /// <summary>Positions in a page.</summary>
    public int PageLength { get; init; }

    /// <summary>Elements from the start of a page to the key of its first position.</summary>
    public long KeyOffset { get; init; }

    /// <summary>Elements from the start of a page to the value of its first position.</summary>
    public long ValueOffset { get; init; }

    /// <summary>Elements from one position to the next.</summary>
    public long PositionStride { get; init; }

    /// <summary>Number of positions.</summary>
    public int Count { get; init; }

    /// <summary>Width of a key and of a value.</summary>
    public int HeadWidth { get; init; }
}
