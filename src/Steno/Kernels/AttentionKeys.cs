namespace Steno.Kernels;

/// <summary>The keys and values of one attention head, spread over pages of positions.</summary>
/// <remarks>
/// Both are laid out as second factors for <see cref="TileKernel"/>. Keys lie in panels of 16 positions, [panel, headWidth, 16], so that scores
/// of 16 positions are summed side by side. Values lie position by position, [position, valueStride], with valueStride a multiple of 16.
/// </remarks>
internal readonly unsafe struct AttentionKeys
{
    /// <summary>Start of each page, in elements of the number format.</summary>
    public required void** Pages { get; init; }

    /// <summary>Positions in a page, a multiple of 16.</summary>
    public required int PageLength { get; init; }

    /// <summary>Elements from the start of a page to its first key panel.</summary>
    public required long KeyOffset { get; init; }

    /// <summary>Elements from the start of a page to its first value.</summary>
    public required long ValueOffset { get; init; }

    /// <summary>Width of a key and of a value.</summary>
    public required int HeadWidth { get; init; }

    /// <summary>Elements from one value to the next: the head's width, rounded up to a whole panel.</summary>
    public int ValueStride => StrideFor(HeadWidth);

    /// <summary>Elements that a page of one head takes: keys, then values.</summary>
    public static long PageElements(int headWidth, int pageLength) => (long)pageLength * (headWidth + StrideFor(headWidth));

    /// <summary>Where a position's key lies in a page's key panels: lane i is i * 16 elements from there.</summary>
    /// <param name="keyPanels">First key panel of the page.</param>
    /// <param name="position">Position in the page.</param>
    /// <param name="headWidth">Width of the key.</param>
    public static T* KeyLane<T>(T* keyPanels, int position, int headWidth)
        where T : unmanaged =>
        keyPanels + ((long)(position / TileKernel.PanelWidth) * headWidth * TileKernel.PanelWidth) + (position % TileKernel.PanelWidth);

    private static int StrideFor(int headWidth) => (headWidth + TileKernel.PanelWidth - 1) / TileKernel.PanelWidth * TileKernel.PanelWidth;
}
