using System.Collections.Concurrent;
using Steno.Checkpoints;
using Steno.Loading;
using Steno.Packing;
using Steno.Threading;

namespace Steno.Verification;

/// <summary>Checks the packed files beside a checkpoint: whether they fit it, and every checksum in them.</summary>
internal static class PackedFileCheck
{
    private const string Whole = "made of these files, every part whole";

    /// <summary>Checks those that are there.</summary>
    /// <param name="path">The checkpoint.</param>
    /// <param name="companionPath">The other file of a pair, or null.</param>
    /// <param name="pool">Threads that read.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static IEnumerable<VerificationCheck> Run(string path, string? companionPath, WorkerPool pool, CancellationToken cancellationToken)
    {
        Checkpoint checkpoint = CheckpointFinder.Find(path, companionPath);
        foreach (WeightPrecision precision in Enum.GetValues<WeightPrecision>())
        {
            string file = PackedPlace.PathOf(checkpoint, precision);
            if (!File.Exists(file)) continue;
            string found = ProblemOf(checkpoint, file, precision, pool, cancellationToken) ?? Whole;
            yield return VerificationCheck.Equal("packed file " + Path.GetFileName(file), Whole, found);
        }
    }

    private static string? ProblemOf(Checkpoint checkpoint, string file, WeightPrecision precision, WorkerPool pool, CancellationToken cancellationToken)
    {
        try
        {
            PackedModel.IsFitting(checkpoint, file, precision);
            using FileStream stream = PackedModel.Open(file, out PackedHeader header);
            using PackedMemory memory = PackedMemory.Read(stream.SafeFileHandle, stream.Length, pool, cancellationToken);
            var damaged = new ConcurrentBag<int>();
            pool.Run(new ParallelAction(i => { if (memory.ChecksumOf(header.Entries[i]) != header.Entries[i].Checksum) damaged.Add(i); }), header.Entries.Count, cancellationToken);
            if (!damaged.IsEmpty) return $"{damaged.Count} of {header.Entries.Count} parts are damaged, the first is {damaged.Min()}; make it anew with steno pack";
            if (header.Tokenizer is { } table) TokenizerTable.Read(memory.BytesOf(table), table.Checksum, file);
            return null;
        }
        catch (Exception exception) when (exception is ModelFormatException or IOException or UnauthorizedAccessException)
        {
            return exception.Message;
        }
    }
}
