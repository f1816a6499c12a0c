namespace Steno.Audio.Decoders;

/// <summary>Walks over the pages of an Ogg file by their headers.</summary>
internal static class OggPages
{
    private const int HeaderBytes = 27;
    private const int FlagsOffset = 5;
    private const int SegmentCountOffset = 26;
    private const int BeginningFlag = 0x02;

    /// <summary>Number of logical streams that begin in the file.</summary>
    /// <param name="source">Stands at the first page; can seek. Left anywhere.</param>
    /// <param name="cancellationToken">Stops the walk.</param>
    /// <exception cref="AudioFormatException">The file ends inside a page.</exception>
    public static async ValueTask<int> CountStreamsAsync(ByteSource source, CancellationToken cancellationToken)
    {
        int count = 0;
        while (await source.FillAsync(HeaderBytes, cancellationToken).ConfigureAwait(false) >= HeaderBytes && source.Buffered.StartsWith("OggS"u8))
        {
            int segmentCount = source.Buffered[SegmentCountOffset];
            if ((source.Buffered[FlagsOffset] & BeginningFlag) != 0) count++;
            source.Consume(HeaderBytes);
            long bodyBytes = segmentCount;
            if (await source.FillAsync(segmentCount, cancellationToken).ConfigureAwait(false) >= segmentCount)
            {
                foreach (byte lacing in source.Buffered[..segmentCount]) bodyBytes += lacing;
            }

            long position = source.Position;
            if (await source.SkipAsync(bodyBytes, cancellationToken).ConfigureAwait(false) < bodyBytes)
                throw source.Fault($"the file ends inside the Ogg page at byte {position - HeaderBytes}: it is cut off.");
        }

        return count;
    }
}
