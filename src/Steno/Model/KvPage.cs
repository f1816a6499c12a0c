using Steno.Tensors;

namespace Steno.Model;

/// <summary>Keys and values of some positions in every layer. Shared by the caches that have those positions in common.</summary>
internal sealed class KvPage(AlignedBuffer<byte> memory)
{
    public AlignedBuffer<byte> Memory { get; } = memory;

    /// <summary>Caches that hold the page; at zero it lies in the pool.</summary>
    public int ReferenceCount { get; set; }
}
