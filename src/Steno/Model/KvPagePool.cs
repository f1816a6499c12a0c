using Steno.Tensors;

namespace Steno.Model;

/// <summary>The pages of all KV caches of one engine, within a number of bytes. Not for use by two threads at once.</summary>
/// <remarks>A page that is given back is kept for the next cache until <see cref="Trim"/> finds that it was not needed for a while.</remarks>
internal sealed class KvPagePool : IDisposable
{
    private readonly Stack<KvPage> _idle = new();
    private int _peakCount;

    /// <summary>Prepares a pool; it takes no memory yet.</summary>
    /// <param name="config">Dimensions of the model.</param>
    /// <param name="precision">Number format of keys and values.</param>
    /// <param name="maxBytes">Most bytes that the pages may take together.</param>
    public KvPagePool(TextDecoderConfig config, CachePrecision precision, long maxBytes = long.MaxValue)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxBytes);
        Config = config;
        Precision = precision;
        MaxBytes = maxBytes;
        PageBytes = KvCache.BytesPerPosition(config, precision) * KvCache.PageLength;
        MaxPageCount = (int)Math.Min(int.MaxValue, maxBytes / PageBytes);
    }

    public TextDecoderConfig Config { get; }

    public CachePrecision Precision { get; }

    /// <summary>Bytes of a page.</summary>
    public long PageBytes { get; }

    /// <summary>Most pages that may be in use.</summary>
    public int MaxPageCount { get; }

    /// <summary>Most bytes that they may take.</summary>
    public long MaxBytes { get; }

    /// <summary>Pages that caches hold, each counted once.</summary>
    public int UsedPageCount { get; private set; }

    /// <summary>Bytes taken from the system: pages in use and idle ones.</summary>
    public long AllocatedBytes => (UsedPageCount + _idle.Count) * PageBytes;

    /// <summary>Takes a page, of undefined content.</summary>
    /// <returns>Null when <see cref="MaxPageCount"/> are in use.</returns>
    public KvPage? TryRent()
    {
        if (UsedPageCount >= MaxPageCount) return null;

        // What lies beyond the last position of a cache is never weighed, so that it need not be zero.
        if (!_idle.TryPop(out KvPage? page)) page = new KvPage(new AlignedBuffer<byte>(PageBytes, isZeroed: false));
        page.ReferenceCount = 1;
        UsedPageCount++;
        _peakCount = Math.Max(_peakCount, UsedPageCount);
        return page;
    }

    /// <summary>Gives up one reference to a page.</summary>
    public void Release(KvPage page)
    {
        if (--page.ReferenceCount > 0) return;
        UsedPageCount--;
        _idle.Push(page);
    }

    /// <summary>Frees the idle pages beyond the largest number in use since the call before.</summary>
    public void Trim()
    {
        while (_idle.Count > 0 && UsedPageCount + _idle.Count > _peakCount) _idle.Pop().Memory.Dispose();
        _peakCount = UsedPageCount;
    }

    /// <summary>Frees the idle pages; caches have to be gone.</summary>
    public void Dispose()
    {
        while (_idle.TryPop(out KvPage? page)) page.Memory.Dispose();
    }
}
