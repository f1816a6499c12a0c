namespace Steno.Packing;

/// <summary>Bytes in memory, possibly more than a span can hold.</summary>
/// <param name="first">The first byte.</param>
/// <param name="length">How many.</param>
internal readonly unsafe struct ReadOnlyBytes(byte* first, long length)
{
    private const int PartBytes = 1 << 20;

    public long Length => length;

    /// <summary>Some of them: fewer than are asked for at the end.</summary>
    public ReadOnlySpan<byte> Slice(long start, int maxLength) => new(first + start, (int)Math.Min(maxLength, length - start));

    /// <summary>Checksum of all, part by part.</summary>
    public ulong Checksum()
    {
        ulong sum = 0;
        for (long done = 0; done < length; done += PartBytes) sum = Packing.Checksum.Of(Slice(done, PartBytes), sum);
        return sum;
    }
}
