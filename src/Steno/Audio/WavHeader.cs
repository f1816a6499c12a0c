using System.Buffers.Binary;

namespace Steno.Audio;

/// <summary>Where the samples of a WAV file lie and how they are stored.</summary>
/// <param name="Format">How they are stored.</param>
/// <param name="DataPosition">Their first byte.</param>
/// <param name="DataBytes">Their size; null when the file does not say, so that they go on to its end.</param>
/// <param name="FormEnd">The end of the RIFF form; null when the file does not say or contradicts itself.</param>
internal readonly record struct WavHeader(WavFormat Format, long DataPosition, long? DataBytes, long? FormEnd)
{
    /// <summary>A file with more chunks than this before its samples is no recording.</summary>
    private const int MaximumChunkCount = 1024;

    private const int FormHeaderBytes = 12;
    private const int SizesChunkBytes = 24;

    /// <summary>Reads up to the first byte of the samples.</summary>
    /// <param name="source">Stands at the first byte of the file.</param>
    /// <param name="chunks">Walks it.</param>
    /// <param name="allowsCut">Whether a file may hold fewer samples than it claims.</param>
    /// <param name="cancellationToken">Stops the wait for bytes.</param>
    /// <exception cref="AudioFormatException">The file is no WAV, is broken, or is in a format that Steno does not read.</exception>
    public static async ValueTask<WavHeader> ReadAsync(ByteSource source, RiffChunkReader chunks, bool allowsCut, CancellationToken cancellationToken)
    {
        (bool is64Bit, uint formBytes) = await ReadFormAsync(source, cancellationToken).ConfigureAwait(false);
        (long Form, long Data)? sizes = null;
        WavFormat? format = null;
        RiffChunk? data = null;

        for (int count = 0; ; count++)
        {
            if (count == MaximumChunkCount) throw source.Fault($"more than {MaximumChunkCount} chunks precede the samples; this is not a recording.");
            if (await chunks.NextAsync(cancellationToken).ConfigureAwait(false) is not RiffChunk chunk)
                throw source.Fault(format is null ? "the WAV file has no 'fmt ' chunk." : "the WAV file has no 'data' chunk, so no audio.");

            if (chunk.Is("fmt "u8))
            {
                if (format is not null) throw source.Fault($"there is a second 'fmt ' chunk at byte {chunk.Position}.");
                format = await ReadFormatAsync(source, chunk, cancellationToken).ConfigureAwait(false);
            }
            else if (is64Bit && sizes is null && chunk.Is("ds64"u8))
            {
                sizes = await ReadSizesAsync(source, chunk, cancellationToken).ConfigureAwait(false);
            }
            else if (chunk.Is("data"u8))
            {
                if (data is not null) throw source.Fault($"there is a second 'data' chunk at byte {chunk.Position}, before the 'fmt ' chunk.");
                data = chunk;
                if (format is null && source.Length is null)
                    throw source.Fault("the 'data' chunk comes before the 'fmt ' chunk, which a pipe cannot go back to. Give Steno the file itself.");
            }

            if (format is WavFormat found && data is RiffChunk body) return Locate(source, found, body, formBytes, sizes, allowsCut);
            if (!await chunks.SkipBodyAsync(chunk, cancellationToken).ConfigureAwait(false))
            {
                throw source.Fault(
                    $"the chunk {chunk.Name} at byte {chunk.Position} claims {chunk.SizeBytes} bytes, but the file ends before the samples. " +
                    "It is cut off or its header is wrong.");
            }
        }
    }

    private static async ValueTask<(bool Is64Bit, uint SizeBytes)> ReadFormAsync(ByteSource source, CancellationToken cancellationToken)
    {
        int available = await source.FillAsync(FormHeaderBytes, cancellationToken).ConfigureAwait(false);
        if (available == 0) throw source.Fault("the audio is empty: there is not one byte.");
        if (available < FormHeaderBytes) throw source.Fault($"{available} bytes are too few for a WAV file.");

        RiffChunk form = RiffChunk.Parse(source.Buffered, position: 0);
        if (!form.Is("RIFF"u8) && !form.Is("RF64"u8) && !form.Is("BW64"u8))
            throw source.Fault("this is not a WAV file: it does not begin with RIFF or RF64.");
        RiffChunk type = RiffChunk.Parse(source.Buffered[4..], position: 4) with { Id = BinaryPrimitives.ReadUInt32LittleEndian(source.Buffered[8..]) };
        if (!type.Is("WAVE"u8))
            throw source.Fault($"this is a RIFF file of type {type.Name}, not a WAV file.");
        source.Consume(FormHeaderBytes);
        return (!form.Is("RIFF"u8), form.SizeBytes);
    }

    private static async ValueTask<WavFormat> ReadFormatAsync(ByteSource source, RiffChunk chunk, CancellationToken cancellationToken)
    {
        int size = (int)Math.Min(chunk.SizeBytes, WavFormat.MaximumChunkBytes);
        int available = await source.FillAsync(size, cancellationToken).ConfigureAwait(false);
        if (available < size) throw source.Fault("the file ends inside the 'fmt ' chunk: it is cut off.");
        return WavFormat.Parse(source.Buffered[..size], source.Fault);
    }

    // ds64: 64-bit sizes of the form and of the data chunk, then the sample count and sizes of other chunks.
    private static async ValueTask<(long Form, long Data)> ReadSizesAsync(ByteSource source, RiffChunk chunk, CancellationToken cancellationToken)
    {
        int size = (int)Math.Min(chunk.SizeBytes, SizesChunkBytes);
        if (size < SizesChunkBytes || await source.FillAsync(size, cancellationToken).ConfigureAwait(false) < size)
            throw source.Fault($"the 'ds64' chunk at byte {chunk.Position} has fewer than {SizesChunkBytes} bytes.");
        return (ReadSize(source.Buffered), ReadSize(source.Buffered[8..]));

        // Sizes beyond every file, such as all ones, are placeholders.
        static long ReadSize(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadInt64LittleEndian(bytes) is > 0 and < long.MaxValue / 4 and long size ? size : 0;
    }

    private static WavHeader Locate(ByteSource source, WavFormat format, RiffChunk data, uint formBytes, (long Form, long Data)? sizes, bool allowsCut)
    {
        long dataPosition = data.Position + RiffChunk.HeaderBytes;
        long? available = source.Length - dataPosition;
        long claimed = data.SizeBytes == uint.MaxValue && sizes is not null ? sizes.Value.Data : data.SizeBytes;
        long form = formBytes == uint.MaxValue && sizes is not null ? sizes.Value.Form : formBytes;
        long? formEnd = IsPlaceholder(form, bytesPerFrame: 1) ? null : RiffChunk.HeaderBytes + form;
        if (source.Position != dataPosition) source.SeekTo(dataPosition);

        // A size of zero is the truth when the form has room for other chunks after it, else nobody filled it in.
        bool isUnknown = claimed == 0 ? formEnd is null || formEnd <= dataPosition : IsPlaceholder(claimed, format.BytesPerFrame) && !(claimed <= available);
        if (isUnknown) return new WavHeader(format, dataPosition, DataBytes: null, FormEnd: null);

        if (claimed > available && !allowsCut) throw CutOff(source, claimed, available.Value);
        if (claimed % format.BytesPerFrame != 0)
            throw source.Fault($"the 'data' chunk says {claimed} bytes, which is not a whole number of frames of {format.BytesPerFrame} bytes.");
        return new WavHeader(format, dataPosition, claimed, formEnd < dataPosition + claimed ? null : formEnd);
    }

    /// <summary>The exception for samples that end before the size that the header claims.</summary>
    public static AudioFormatException CutOff(ByteSource source, long claimedBytes, long availableBytes) => DamagedAudio.Fault(
        source.Fault,
        $"the 'data' chunk claims {claimedBytes} bytes, but only {availableBytes} are there: the file is cut off or its header is wrong");

    // What programs write for a size when they cannot go back to fill it in: 0; 0x7FFFF000 rounded down to whole frames (SoX);
    // 0x7FFFFF00 to 0x80000000 (arecord and others that take the size for signed); 0xFFFFFFFF (ffmpeg), less the size of the
    // headers in some programs. A ds64 chunk may hold more than 2^32 and is then meant.
    private static bool IsPlaceholder(long sizeBytes, int bytesPerFrame) =>
        sizeBytes == 0
        || (sizeBytes > 0x7FFFF000L - bytesPerFrame && sizeBytes <= 0x80000000L)
        || (sizeBytes >= 0xFFFFFF00L && sizeBytes <= 0xFFFFFFFFL);
}
