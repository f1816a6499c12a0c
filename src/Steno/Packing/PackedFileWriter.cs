using Steno.Checkpoints;
using Steno.Files;
using Steno.Model;
using Steno.Tensors;
using Steno.Threading;

namespace Steno.Packing;

/// <summary>Writes packed files.</summary>
internal static unsafe class PackedFileWriter
{
    // What is not on the disk yet is kept small, so that the last flush does not take long.
    private const int ChunkBytes = 8 << 20;

    /// <summary>Packs a checkpoint and writes it, whole or not at all.</summary>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <param name="weights">Number format of the weights.</param>
    /// <param name="path">The file to write: a full path, which is no link. One that is there is replaced.</param>
    /// <param name="pool">Threads that pack.</param>
    /// <param name="cancellationToken">Stops it; nothing is left then.</param>
    /// <returns>Bytes of the file.</returns>
    /// <exception cref="ModelFormatException">The checkpoint is broken, or changed while it was read.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public static long Write(Checkpoint checkpoint, WeightPrecision weights, string path, WorkerPool pool, CancellationToken cancellationToken)
    {
        PackedSource[] sources = PackedSource.OfAll(PackedPlace.SourcesOf(checkpoint));
        byte[]? tokenizer = checkpoint is CheckpointDirectory ? TokenizerTable.Write(checkpoint.LoadTokenizer()) : null;
        using var file = new WholeFile(path, bufferSize: 0);
        var built = new List<BuiltWeights>();
        using ModelWeights model = Build(checkpoint, weights, built, pool, cancellationToken);
        PackedHeader header = Layout(weights, sources, built, tokenizer, pool, cancellationToken, out long length);
        file.Stream.Write(header.Write(length));
        for (int i = 0; i < built.Count; i++) Append(file, header.Entries[i].Offset, new ReadOnlyBytes(built[i].Pointer, built[i].ByteCount), cancellationToken);
        if (tokenizer is not null)
        {
            fixed (byte* first = tokenizer) Append(file, header.Tokenizer!.Offset, new ReadOnlyBytes(first, tokenizer.Length), cancellationToken);
        }

        if (!sources.SequenceEqual(PackedSource.OfAll(PackedPlace.SourcesOf(checkpoint)))) throw new ModelFormatException("the checkpoint changed while it was packed", checkpoint.Location);
        file.Flush();
        file.Complete(overwrites: true);
        return length;
    }

    private static ModelWeights Build(Checkpoint checkpoint, WeightPrecision precision, List<BuiltWeights> built, WorkerPool pool, CancellationToken cancellationToken)
    {
        using IWeightSource source = checkpoint.OpenWeights();
        using var audio = new WeightPacker(source, WeightPolicy.Audio(precision, checkpoint.Config.Text), pool, cancellationToken);
        using var text = new WeightPacker(source, WeightPolicy.Text(precision, checkpoint.Config.Text), pool, cancellationToken);
        return ModelWeights.Build(checkpoint.Config, new RecordingBuilder(audio, built), new RecordingBuilder(text, built));
    }

    private static PackedHeader Layout(
        WeightPrecision precision, PackedSource[] sources, List<BuiltWeights> built, byte[]? tokenizer, WorkerPool pool, CancellationToken cancellationToken, out long length)
    {
        ulong[] checksums = new ulong[built.Count];
        pool.Run(new ParallelAction(i => checksums[i] = new ReadOnlyBytes(built[i].Pointer, built[i].ByteCount).Checksum()), built.Count, cancellationToken);

        // Offsets have a fixed width: a header with others has the same length.
        var entries = new PackedEntry[built.Count];
        for (int i = 0; i < entries.Length; i++) entries[i] = built[i].ToEntry(0, checksums[i]);
        PackedTable? table = tokenizer is null ? null : new PackedTable(0, tokenizer.Length, Checksum.Of(tokenizer));
        long end = PackedLayout.Align(new PackedHeader(precision, sources, entries, table).ByteCount, PackedLayout.PayloadAlignment);
        for (int i = 0; i < entries.Length; i++)
        {
            entries[i] = entries[i] with { Offset = PackedLayout.Align(end, PackedLayout.Alignment) };
            end = entries[i].Offset + entries[i].ByteCount;
        }

        if (table is not null)
        {
            table = table with { Offset = PackedLayout.Align(end, PackedLayout.Alignment) };
            end = table.Offset + table.ByteCount;
        }

        length = end;
        return new PackedHeader(precision, sources, entries, table);
    }

    private static void Append(WholeFile file, long offset, ReadOnlyBytes bytes, CancellationToken cancellationToken)
    {
        file.Stream.Write(new byte[offset - file.Stream.Position]);
        for (long done = 0; done < bytes.Length; done += ChunkBytes)
        {
            cancellationToken.ThrowIfCancellationRequested();
            file.Stream.Write(bytes.Slice(done, ChunkBytes));
            if (bytes.Length > ChunkBytes) file.Flush();
        }
    }
}
