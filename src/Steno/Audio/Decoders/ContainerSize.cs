using System.Buffers.Binary;

namespace Steno.Audio.Decoders;

/// <summary>Finds files that are shorter than their headers say, where decoders take what is there for all there was.</summary>
internal static class ContainerSize
{
    private const int HeaderBytes = 24;
    private const int MaxChunkCount = 1024;
    private const int CafHeaderBytes = 8;
    private const int CafChunkHeaderBytes = 12;

    /// <summary>Checks the size in the header.</summary>
    /// <param name="source">Can seek; stands at its first byte afterwards.</param>
    /// <param name="container">What it begins like.</param>
    /// <param name="cancellationToken">Stops the wait.</param>
    /// <exception cref="AudioFormatException">The file is cut off.</exception>
    public static async ValueTask CheckAsync(ByteSource source, AudioContainer container, CancellationToken cancellationToken)
    {
        source.SeekTo(0);
        await source.FillAsync(HeaderBytes, cancellationToken).ConfigureAwait(false);
        long? claimed = container == AudioContainer.Caf
            ? await CafEndAsync(source, cancellationToken).ConfigureAwait(false)
            : source.Buffered.Length < HeaderBytes ? null : ClaimedBytes(source.Buffered, container);
        source.SeekTo(0);
        if (claimed > source.Length)
            throw source.Fault($"the header says {claimed} bytes, but the file has {source.Length}: it is cut off or its header is wrong.");
    }

    // The size that a writer to a pipe cannot know stands as zero or as all ones.
    private static long? ClaimedBytes(ReadOnlySpan<byte> header, AudioContainer container)
    {
        if (container == AudioContainer.Aiff || container == AudioContainer.Rifx)
            return Known(BinaryPrimitives.ReadUInt32BigEndian(header[4..]), 8);
        if (container == AudioContainer.CompressedWav && header.StartsWith("RIFF"u8))
            return Known(BinaryPrimitives.ReadUInt32LittleEndian(header[4..]), 8);
        if (container == AudioContainer.Au)
            return Known(BinaryPrimitives.ReadUInt32BigEndian(header[8..]), BinaryPrimitives.ReadUInt32BigEndian(header[4..]));
        if (container == AudioContainer.Wave64)
            return BinaryPrimitives.ReadInt64LittleEndian(header[16..]) is > 0 and < long.MaxValue and long size ? size : null;
        return null;
    }

    private static long? Known(uint size, uint headerBytes) => size is 0 or > 0x7FFF0000 ? null : (long)size + headerBytes;

    private static async ValueTask<long?> CafEndAsync(ByteSource source, CancellationToken cancellationToken)
    {
        await source.SkipAsync(CafHeaderBytes, cancellationToken).ConfigureAwait(false);
        for (int count = 0; count < MaxChunkCount; count++)
        {
            if (await source.FillAsync(CafChunkHeaderBytes, cancellationToken).ConfigureAwait(false) < CafChunkHeaderBytes) return null;
            bool isData = source.Buffered.StartsWith("data"u8);
            long size = BinaryPrimitives.ReadInt64BigEndian(source.Buffered[4..]);
            source.Consume(CafChunkHeaderBytes);
            if (size < 0) return null;
            if (isData) return size > long.MaxValue - source.Position ? long.MaxValue : source.Position + size;
            await source.SkipAsync(size, cancellationToken).ConfigureAwait(false);
        }

        return null;
    }
}
