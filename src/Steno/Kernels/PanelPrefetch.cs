namespace Steno.Kernels;

/// <summary>Which blocks a kernel asks memory for while it multiplies a panel, ahead of those that it reads.</summary>
/// <param name="Distance">Bytes from a block that is read to the one that is asked for.</param>
/// <param name="FirstBlock">First block at which one is asked for.</param>
/// <param name="BlockStep">Blocks from there to the next.</param>
/// <remarks>What lies behind the last panel is asked for in vain.</remarks>
internal readonly record struct PanelPrefetch(long Distance, int FirstBlock, int BlockStep)
{
    // The processor's own prefetchers stop at the end of a 4 KB page and start anew in the next; asking two pages ahead keeps memory busy.
    private const int MinDistance = 8192;

    /// <summary>Asks for nothing.</summary>
    public static PanelPrefetch None => new(0, int.MaxValue, 0);

    /// <summary>Each tile that passes over a panel asks for its share of one that comes later, so that memory is busy all the time.</summary>
    /// <param name="panelBytes">Bytes of a panel.</param>
    /// <param name="tile">Index of the tile.</param>
    /// <param name="tileCount">Number of tiles that pass over each panel.</param>
    public static PanelPrefetch Share(long panelBytes, int tile, int tileCount) =>
        new(tileCount == 1 ? MinDistance : (MinDistance + panelBytes - 1) / panelBytes * panelBytes, tile, tileCount);
}
