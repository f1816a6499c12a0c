using Steno.Tensors;

namespace Steno.Tests.Tensors;

public sealed unsafe class AlignedBufferTests
{
    [Fact]
    public void Memory_is_zeroed_and_on_a_cache_line()
    {
        using var buffer = new AlignedBuffer<float>(1001);

        Assert.Equal(0UL, (ulong)buffer.Pointer % 64);
        Assert.All(buffer.Span.ToArray(), value => Assert.Equal(0f, value));
    }

    [Fact]
    public void A_disposed_buffer_gives_no_span()
    {
        var buffer = new AlignedBuffer<float>(8);
        buffer.Dispose();
        buffer.Dispose();

        Assert.Throws<ObjectDisposedException>(() => buffer.Span.Length);
    }
}
