using Steno.Kernels;
using Steno.Tensors;

namespace Steno.Model;

/// <summary>Keys and values of every layer for the positions of one sequence so far. One per sequence; not for use by two threads at once.</summary>
/// <remarks>
/// A table of pages of <see cref="PageLength"/> positions, which are never moved. A page holds, for each layer and KV head, the keys of its
/// positions and then their values, in the layout of <see cref="AttentionKeys"/>. So what one attention head reads is contiguous.
/// <para>
/// Positions are first reserved, then written by a forward pass, then committed: a pass that fails leaves no trace but unused room. Pages may be
/// shared with other caches; one that is about to be written gets a copy of its own.
/// </para>
/// </remarks>
internal sealed unsafe class KvCache : IDisposable
{
    /// <summary>Positions in a page: 5 seconds of audio.</summary>
    public const int PageLength = 64;

    // Width of a head of the published models.
    private const int LanesAtATime = 128;

    private readonly KvPagePool _pool;
    private readonly TextDecoderConfig _config;
    private readonly List<KvPage> _pages = [];
    private AlignedBuffer<nint> _pageTable = new(16);

    /// <summary>Prepares an empty cache.</summary>
    /// <param name="pool">Where its pages come from.</param>
    public KvCache(KvPagePool pool)
    {
        _pool = pool;
        _config = pool.Config;
    }

    public CachePrecision Precision => _pool.Precision;

    /// <summary>Positions whose keys and values are there.</summary>
    public int Length { get; private set; }

    /// <summary>Pages that the cache holds, shared ones included.</summary>
    public int PageCount => _pages.Count;

    /// <summary>Bytes that one position takes.</summary>
    public static long BytesPerPosition(TextDecoderConfig config, CachePrecision precision) =>
        AttentionKeys.PageElements(config.HeadWidth, PageLength) / PageLength * config.LayerCount * config.KvHeadCount * ElementBytes(precision);

    /// <summary>Pages that some positions take.</summary>
    public static int PagesOf(int length) => (length + PageLength - 1) / PageLength;

    /// <summary>Makes room to write the positions from <see cref="Length"/> to a new length.</summary>
    /// <returns>False when the pool has not enough pages; what was taken until then stays.</returns>
    public bool TryReserve(int length)
    {
        if (length <= Length) return true;
        if (Length % PageLength != 0 && !TryOwn(Length / PageLength)) return false;
        int pageCount = PagesOf(length);
        while (_pages.Count < pageCount)
        {
            if (_pool.TryRent() is not { } page) return false;
            _pages.Add(page);
            if (_pages.Count > _pageTable.Length) GrowPageTable();
            _pageTable.Pointer[_pages.Count - 1] = (nint)page.Memory.Pointer;
        }

        return true;
    }

    /// <summary>Counts positions that a forward pass has written as there.</summary>
    /// <param name="length">The new length; reserved.</param>
    public void Commit(int length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, _pages.Count * PageLength);
        Length = length;
    }

    /// <summary>Forgets the positions from <paramref name="length"/> on, and gives back the pages that are then empty.</summary>
    public void Truncate(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Length);
        int pageCount = PagesOf(length);
        for (int i = pageCount; i < _pages.Count; i++) _pool.Release(_pages[i]);
        _pages.RemoveRange(pageCount, _pages.Count - pageCount);
        Length = length;
    }

    /// <summary>A cache with the same first positions, which shares their pages.</summary>
    /// <param name="length">How many positions, at most <see cref="Length"/>.</param>
    public KvCache Fork(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Length);
        var fork = new KvCache(_pool);
        for (int i = 0; i < PagesOf(length); i++)
        {
            _pages[i].ReferenceCount++;
            fork._pages.Add(_pages[i]);
            if (fork._pages.Count > fork._pageTable.Length) fork.GrowPageTable();
            fork._pageTable.Pointer[i] = _pageTable.Pointer[i];
        }

        fork.Length = length;
        return fork;
    }

    /// <summary>Keys and values of one head at all positions.</summary>
    public AttentionKeys Keys(int layer, int kvHead)
    {
        long keyOffset = HeadOffset(layer, kvHead);
        return new AttentionKeys
        {
            Pages = (void**)_pageTable.Pointer,
            PageLength = PageLength,
            KeyOffset = keyOffset,
            ValueOffset = keyOffset + ((long)PageLength * _config.HeadWidth),
            HeadWidth = _config.HeadWidth,
        };
    }

    /// <summary>Stores key and value of one head at one position.</summary>
    public void Write(int layer, int kvHead, int position, float* key, float* value)
    {
        AttentionKeys keys = Keys(layer, kvHead);
        void* page = keys.Pages[position / PageLength];
        if (Precision == CachePrecision.Float32) WriteFloats((float*)page, keys, position % PageLength, key, value);
        else WriteHalves((BFloat16*)page, keys, position % PageLength, key, value);
    }

    /// <summary>Gives all pages back.</summary>
    public void Dispose()
    {
        Truncate(0);
        _pageTable.Dispose();
    }

    private static int ElementBytes(CachePrecision precision) => precision == CachePrecision.Float32 ? sizeof(float) : sizeof(ushort);

    private static void WriteFloats(float* page, in AttentionKeys keys, int position, float* key, float* value)
    {
        float* keyLanes = AttentionKeys.KeyLane(page + keys.KeyOffset, position, keys.HeadWidth);
        float* values = page + keys.ValueOffset + ((long)position * keys.ValueStride);
        for (int i = 0; i < keys.HeadWidth; i++)
        {
            keyLanes[i * TileKernel.PanelWidth] = key[i];
            values[i] = value[i];
        }
    }

    private static void WriteHalves(BFloat16* page, in AttentionKeys keys, int position, float* key, float* value)
    {
        BFloat16* keyLanes = AttentionKeys.KeyLane(page + keys.KeyOffset, position, keys.HeadWidth);
        BFloat16* values = page + keys.ValueOffset + ((long)position * keys.ValueStride);
        BFloat16.Round(value, values, keys.HeadWidth);
        BFloat16* rounded = stackalloc BFloat16[LanesAtATime];
        for (int first = 0; first < keys.HeadWidth; first += LanesAtATime)
        {
            int count = Math.Min(LanesAtATime, keys.HeadWidth - first);
            BFloat16.Round(key + first, rounded, count);
            for (int i = 0; i < count; i++) keyLanes[(first + i) * TileKernel.PanelWidth] = rounded[i];
        }
    }

    private long HeadOffset(int layer, int kvHead) =>
        (((long)layer * _config.KvHeadCount) + kvHead) * AttentionKeys.PageElements(_config.HeadWidth, PageLength);

    // The page with the next position, if others hold it too, is replaced by a copy.
    private bool TryOwn(int index)
    {
        KvPage shared = _pages[index];
        if (shared.ReferenceCount == 1) return true;
        if (_pool.TryRent() is not { } copy) return false;
        Buffer.MemoryCopy(shared.Memory.Pointer, copy.Memory.Pointer, copy.Memory.ByteCount, shared.Memory.ByteCount);
        _pool.Release(shared);
        _pages[index] = copy;
        _pageTable.Pointer[index] = (nint)copy.Memory.Pointer;
        return true;
    }

    private void GrowPageTable()
    {
        var larger = new AlignedBuffer<nint>(_pageTable.Length * 2);
        _pageTable.Span.CopyTo(larger.Span);
        _pageTable.Dispose();
        _pageTable = larger;
    }
}
