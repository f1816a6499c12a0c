using System.Buffers.Binary;

namespace Steno.Audio;

/// <summary>Walks the chunks of a RIFF file, with or without the padding byte that belongs after a chunk of odd size.</summary>
internal sealed class RiffChunkReader(ByteSource source)
{
    private bool _isAfterOddChunk;

    /// <summary>Reads the next header; the source stands after the body of the chunk before it.</summary>
    /// <returns>The header, or null when fewer bytes are left than a header takes.</returns>
    public async ValueTask<RiffChunk?> NextAsync(CancellationToken cancellationToken)
    {
        if (_isAfterOddChunk)
        {
            await source.FillAsync(RiffChunk.HeaderBytes, cancellationToken).ConfigureAwait(false);
            if (BeginsWithPadding(source.Buffered)) source.Consume(1);
            _isAfterOddChunk = false;
        }

        if (await source.FillAsync(RiffChunk.HeaderBytes, cancellationToken).ConfigureAwait(false) < RiffChunk.HeaderBytes) return null;
        RiffChunk chunk = RiffChunk.Parse(source.Buffered, source.Position);
        source.Consume(RiffChunk.HeaderBytes);
        return chunk;
    }

    /// <summary>Tells that the body of a chunk was read.</summary>
    public void EndBody(long sizeBytes) => _isAfterOddChunk = (sizeBytes & 1) != 0;

    /// <summary>Skips the body of a chunk, or what is left of it.</summary>
    /// <returns>False when the file ends inside the body.</returns>
    public async ValueTask<bool> SkipBodyAsync(RiffChunk chunk, CancellationToken cancellationToken)
    {
        long remaining = chunk.Position + RiffChunk.HeaderBytes + chunk.SizeBytes - source.Position;
        bool isWhole = await source.SkipAsync(remaining, cancellationToken).ConfigureAwait(false) == remaining;
        EndBody(chunk.SizeBytes);
        return isWhole;
    }

    // Padding is a zero byte; some writers leave it out, a few write another value. A zero cannot begin an id. Any other byte
    // is padding only when an id follows it and none begins with it.
    private static bool BeginsWithPadding(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length == 0) return false;
        if (bytes[0] == 0) return true;
        return bytes.Length >= 5
            && !RiffChunk.IsPlausibleId(BinaryPrimitives.ReadUInt32LittleEndian(bytes))
            && RiffChunk.IsPlausibleId(BinaryPrimitives.ReadUInt32LittleEndian(bytes[1..]));
    }
}
