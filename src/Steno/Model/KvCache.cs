using Steno.Kernels;
using Steno.Tensors;

namespace Steno.Model;

/// <summary>Keys and values of every layer for the positions of one sequence so far. One per sequence; not for use by two threads at once.</summary>
/// <remarks>
/// Grows by pages of <see cref="PageLength"/> positions that are never moved. A page holds, for each layer and KV head, the keys of its
/// positions and then their values, in the layout of <see cref="AttentionKeys"/>. So what one attention head reads is contiguous.
/// </remarks>
internal sealed unsafe class KvCache : IDisposable
{
    /// <summary>Positions in a page: 5 seconds of audio.</summary>
    public const int PageLength = 64;

    // Width of a head of the published models.
    private const int LanesAtATime = 128;

    private readonly TextDecoderConfig _config;
    private readonly List<AlignedBuffer<byte>> _pages = [];
    private AlignedBuffer<nint> _pageTable = new(16);

    public KvCache(TextDecoderConfig config, CachePrecision precision)
    {
        _config = config;
        Precision = precision;
    }

    public CachePrecision Precision { get; }

    /// <summary>Positions that the cache holds; the next row goes to this position.</summary>
    public int Length { get; private set; }

    /// <summary>Bytes that one position takes.</summary>
    public static long BytesPerPosition(TextDecoderConfig config, CachePrecision precision) =>
        AttentionKeys.PageElements(config.HeadWidth, PageLength) / PageLength * config.LayerCount * config.KvHeadCount * ElementBytes(precision);

    /// <summary>Makes room for positions that the caller is about to write, in every layer.</summary>
    /// <param name="count">Number of positions to append.</param>
    public void Append(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        int newLength = checked(Length + count);
        int pageCount = (newLength + PageLength - 1) / PageLength;
        while (_pages.Count < pageCount)
        {
            // What lies beyond the last position is never weighed, so that it need not be zero.
            var page = new AlignedBuffer<byte>(BytesPerPosition(_config, Precision) * PageLength, isZeroed: false);
            _pages.Add(page);
            if (_pages.Count > _pageTable.Length) GrowPageTable();
            _pageTable.Pointer[_pages.Count - 1] = (nint)page.Pointer;
        }

        Length = newLength;
    }

    /// <summary>Forgets the positions from <paramref name="length"/> on; their memory is kept for new ones.</summary>
    public void Truncate(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Length);
        Length = length;
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

    public void Dispose()
    {
        foreach (AlignedBuffer<byte> page in _pages) page.Dispose();
        _pages.Clear();
        _pageTable.Dispose();
        Length = 0;
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

    private void GrowPageTable()
    {
        var larger = new AlignedBuffer<nint>(_pageTable.Length * 2);
        _pageTable.Span.CopyTo(larger.Span);
        _pageTable.Dispose();
        _pageTable = larger;
    }
}
