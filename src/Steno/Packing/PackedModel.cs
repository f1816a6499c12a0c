using System.Diagnostics.CodeAnalysis;
using Microsoft.Win32.SafeHandles;
using Steno.Checkpoints;
using Steno.Files;
using Steno.Formats;
using Steno.Model;
using Steno.Threading;
using Steno.Tokenization;

namespace Steno.Packing;

/// <summary>What came out of a packed file.</summary>
/// <param name="Path">The file.</param>
/// <param name="Weights">The weights, which own the file's memory.</param>
/// <param name="Tokenizer">The tokenizer; null where the file has none.</param>
/// <param name="IsMapped">True where the weights are the file itself, shared with other processes.</param>
internal sealed record PackedModel(string Path, ModelWeights Weights, BpeTokenizer? Tokenizer, bool IsMapped)
{
    /// <summary>Loads the packed file beside a checkpoint, if it is there and fits.</summary>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <param name="weights">Number format that is asked for.</param>
    /// <param name="pool">Threads that read.</param>
    /// <param name="problem">Why a file that is there does not fit; null where there is none, or it fits.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static PackedModel? TryLoad(Checkpoint checkpoint, WeightPrecision weights, WorkerPool pool, out string? problem, CancellationToken cancellationToken)
    {
        problem = null;
        string path = PackedPlace.PathOf(checkpoint, weights);
        if (!BitConverter.IsLittleEndian || !File.Exists(path)) return null;
        try
        {
            return Load(checkpoint, path, weights, pool, cancellationToken);
        }
        catch (Exception exception) when (exception is ModelFormatException || FileFault.Is(exception))
        {
            problem = exception is ModelFormatException ? exception.Message : $"{path}: {FileFault.ReasonOf(exception)}.";
            return null;
        }
    }

    /// <summary>Whether a packed file is there and was made of a checkpoint as it is now.</summary>
    /// <exception cref="ModelFormatException">It was not, or is damaged.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static bool IsFitting(Checkpoint checkpoint, string path, WeightPrecision precision)
    {
        if (!File.Exists(path)) return false;
        using FileStream stream = Open(path, out PackedHeader header);
        RequireSame(header, precision, PackedSource.OfAll(PackedPlace.SourcesOf(checkpoint)), path);
        return true;
    }

    /// <summary>Opens a packed file and reads its header.</summary>
    /// <exception cref="ModelFormatException">It is no packed file, of another layout, or damaged.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static FileStream Open(string path, out PackedHeader header)
    {
        var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0);
        try
        {
            if (!stream.CanSeek) throw new ModelFormatException("this is not a regular file", path);
            byte[] bytes = new byte[PackedLayout.PrefixBytes];
            int count = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            int length = PackedHeader.LengthOf(bytes.AsSpan(0, count), stream.Length, path);
            Array.Resize(ref bytes, PackedLayout.PrefixBytes + length);
            stream.ReadExactly(bytes.AsSpan(PackedLayout.PrefixBytes));
            header = PackedHeader.Read(bytes, stream.Length, path);
            return stream;
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    [SuppressMessage("Reliability", "CA2000:Dispose objects before losing scope", Justification = "The weights own the memory, and the memory owns the stream of a mapping.")]
    private static PackedModel Load(Checkpoint checkpoint, string path, WeightPrecision precision, WorkerPool pool, CancellationToken cancellationToken)
    {
        FileStream stream = Open(path, out PackedHeader header);
        PackedMemory memory;
        Task<BpeTokenizer>? tokenizer = null;
        try
        {
            if (header.Tokenizer is { } table) tokenizer = StartTokenizer(table, path);
            RequireSame(header, precision, PackedSource.OfAll(PackedPlace.SourcesOf(checkpoint)), path);
            bool isOwn = FileTrust.IsOwn(stream);
            memory = isOwn ? PackedMemory.Map(stream, pool) : PackedMemory.Read(stream.SafeFileHandle, stream.Length, pool, cancellationToken);
            if (!isOwn) stream.Dispose();
        }
        catch
        {
            stream.Dispose();
            throw;
        }

        var cursor = new PackedCursor(path, header.Entries, memory);
        using var audio = new PackedWeights(cursor, WeightPolicy.Audio(precision, checkpoint.Config.Text), memory: null);
        using var text = new PackedWeights(cursor, WeightPolicy.Text(precision, checkpoint.Config.Text), memory);
        BpeTokenizer? read = null;
        ModelWeights model = ModelWeights.Build(checkpoint.Config, audio, text, () =>
        {
            cursor.RequireEnd();
            read = tokenizer?.GetAwaiter().GetResult();
        });
        return new PackedModel(path, model, read, memory.IsMapped);
    }

    // Beside the mapping, which the system does, and with a handle of its own, since that of the mapping may be closed before.
    private static Task<BpeTokenizer> StartTokenizer(PackedTable table, string path)
    {
        Task<BpeTokenizer> task = Task.Run(() =>
        {
            using SafeFileHandle handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
            byte[] bytes = GC.AllocateUninitializedArray<byte>((int)table.ByteCount);
            int count = 0;
            while (count < bytes.Length && RandomAccess.Read(handle, bytes.AsSpan(count), table.Offset + count) is > 0 and int part) count += part;
            return TokenizerTable.Read(bytes.AsSpan(0, count), table.Checksum, path);
        });

        // Where the file does not fit anyhow, nobody asks for the tokenizer.
        _ = task.ContinueWith(static done => _ = done.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        return task;
    }

    private static void RequireSame(PackedHeader header, WeightPrecision precision, PackedSource[] sources, string path)
    {
        const string Problem = "it was made of other files than lie there now; make it anew with steno pack";
        if (header.Precision != precision) throw new ModelFormatException("its number format is another", path, expected: precision.ToString(), found: header.Precision.ToString());
        string[] names = [.. sources.Select(source => source.Name)];
        string[] found = [.. header.Sources.Select(source => source.Name)];
        if (!names.SequenceEqual(found, StringComparer.Ordinal)) throw new ModelFormatException(Problem, path, expected: MessageText.Excerpt(string.Join(", ", found)), found: MessageText.Excerpt(string.Join(", ", names)));
        for (int i = 0; i < sources.Length; i++)
        {
            if (sources[i].DifferenceFrom(header.Sources[i]) is { } difference)
                throw new ModelFormatException(Problem, path, expected: sources[i].Name + " as it was", found: $"another {difference}");
        }
    }
}
