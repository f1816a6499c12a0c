using Steno.Model;

namespace Steno.Tests.Model;

public sealed unsafe class KvCacheTests
{
    private const int HeadWidth = 16;

    private static readonly TextDecoderConfig Config = new()
    {
        VocabularySize = 32,
        Width = 32,
        FeedForwardWidth = 32,
        LayerCount = 2,
        HeadCount = 2,
        KvHeadCount = 2,
        HeadWidth = HeadWidth,
        RmsNormEpsilon = 1e-6f,
        RopeTheta = 1e6,
        MaxPositionCount = 1024,
        HasTiedHead = true,
    };

    [Fact]
    public void Positions_are_there_only_once_committed()
    {
        using KvPagePool pool = Pool();
        using var cache = new KvCache(pool);
        Assert.True(cache.TryReserve(65));
        Assert.Equal((0, 2, 2), (cache.Length, cache.PageCount, pool.UsedPageCount));
        cache.Commit(65);
        Assert.Equal(65, cache.Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => cache.Commit(129));
        Assert.Throws<ArgumentOutOfRangeException>(() => cache.Commit(64));
        Assert.Throws<ArgumentOutOfRangeException>(() => cache.Truncate(66));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(64, 1)]
    [InlineData(65, 2)]
    [InlineData(128, 2)]
    public void Truncation_gives_empty_pages_back(int length, int pageCount)
    {
        using KvPagePool pool = Pool();
        using var cache = new KvCache(pool);
        cache.TryReserve(150);
        cache.Commit(150);
        cache.Truncate(length);
        Assert.Equal((length, pageCount, pageCount), (cache.Length, cache.PageCount, pool.UsedPageCount));
    }

    [Fact]
    public void A_pool_lends_no_more_pages_than_it_may()
    {
        using KvPagePool pool = Pool(pageCount: 2);
        using var first = new KvCache(pool);
        using var second = new KvCache(pool);
        Assert.True(first.TryReserve(64));
        Assert.False(second.TryReserve(65));
        Assert.Equal(2, pool.UsedPageCount);
        second.Truncate(0);
        Assert.True(first.TryReserve(128));
        Assert.False(second.TryReserve(1));
    }

    [Theory]
    [InlineData(CachePrecision.Float32)]
    [InlineData(CachePrecision.BFloat16)]
    public void A_fork_shares_pages_until_one_side_writes(CachePrecision precision)
    {
        using KvPagePool pool = Pool(precision: precision);
        using var cache = new KvCache(pool);
        Write(cache, 100, value: 1);
        using (KvCache fork = cache.Fork(70))
        {
            Assert.Equal(2, pool.UsedPageCount);
            Write(fork, 90, value: 2);
            Assert.Equal(3, pool.UsedPageCount);
            for (int position = 0; position < 100; position++) Assert.Equal(1, Read(cache, position));
            for (int position = 0; position < 90; position++) Assert.Equal(position < 70 ? 1 : 2, Read(fork, position));
        }

        Assert.Equal(2, pool.UsedPageCount);
        cache.Truncate(80);
        Write(cache, 81, value: 3);
        Assert.Equal(2, pool.UsedPageCount);
        Assert.Equal(3, Read(cache, 80));
    }

    [Fact]
    public void A_fork_at_the_end_of_a_page_copies_nothing()
    {
        using KvPagePool pool = Pool();
        using var cache = new KvCache(pool);
        Write(cache, 128, value: 1);
        using KvCache fork = cache.Fork(64);
        Write(fork, 65, value: 2);
        Assert.Equal(3, pool.UsedPageCount);
        Assert.Equal(1, Read(cache, 64));
    }

    [Fact]
    public void A_fork_that_finds_no_page_for_its_copy_changes_nothing()
    {
        using KvPagePool pool = Pool(pageCount: 1);
        using var cache = new KvCache(pool);
        Write(cache, 10, value: 1);
        using KvCache fork = cache.Fork(5);
        Assert.False(fork.TryReserve(6));
        Assert.Equal(5, fork.Length);
        Assert.Equal(1, Read(cache, 9));
    }

    [Fact]
    public void Idle_pages_go_when_they_were_not_needed_between_two_trims()
    {
        using KvPagePool pool = Pool();
        using (var cache = new KvCache(pool)) cache.TryReserve(640);
        Assert.Equal(10 * pool.PageBytes, pool.AllocatedBytes);
        pool.Trim();
        Assert.Equal(10 * pool.PageBytes, pool.AllocatedBytes);
        using (var cache = new KvCache(pool)) cache.TryReserve(64);
        pool.Trim();
        Assert.Equal(pool.PageBytes, pool.AllocatedBytes);
        pool.Trim();
        Assert.Equal(0, pool.AllocatedBytes);
    }

    private static KvPagePool Pool(int pageCount = 1000, CachePrecision precision = CachePrecision.Float32) =>
        new(Config, precision, pageCount * KvCache.BytesPerPosition(Config, precision) * KvCache.PageLength);

    private static void Write(KvCache cache, int length, float value)
    {
        Assert.True(cache.TryReserve(length));
        float* values = stackalloc float[HeadWidth];
        new Span<float>(values, HeadWidth).Fill(value);
        for (int layer = 0; layer < Config.LayerCount; layer++)
        {
            for (int head = 0; head < Config.KvHeadCount; head++)
            {
                for (int position = cache.Length; position < length; position++) cache.Write(layer, head, position, values, values);
            }
        }

        cache.Commit(length);
    }

    private static float Read(KvCache cache, int position)
    {
        Steno.Kernels.AttentionKeys keys = cache.Keys(1, 1);
        void* page = keys.Pages[position / KvCache.PageLength];
        long offset = keys.ValueOffset + ((long)(position % KvCache.PageLength) * keys.ValueStride) + HeadWidth - 1;
        return cache.Precision == CachePrecision.Float32 ? ((float*)page)[offset] : BitConverter.Int32BitsToSingle(((ushort*)page)[offset] << 16);
    }
}
