using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;
using Steno.Audio;
using Steno.Audio.Decoders;

namespace Steno.Tests.Audio;

/// <summary>Broken files made from whole ones: each is read to its end or refused, in bounded memory.</summary>
public sealed class WavMutationTests(ITestOutputHelper output)
{
    private const int MutantCount = 20_000;

    // Buffers of the reader and of the resampler, and its table of weights at most; a few hundred bytes of messages.
    private const long LargestAllocation = 1_000_000;

    // No file here has more than 2 KiB, and 1 kHz becomes 16 kHz.
    private const int LargestSampleCount = 16 * 2 * 4096;

    private static readonly uint[] Sizes = [0, 1, 2, 3, 7, 16, 18, 40, 0x7FFFFFFF, 0x7FFFF000, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFF00];

    private static readonly AudioInputOptions Options = new() { Decoders = new DecoderSettings { Ffmpeg = DecoderSettings.None, Sndfile = DecoderSettings.None } };

    [Fact]
    public void Of_20000_mutants_each_is_read_or_refused()
    {
        byte[][] files = [.. Directory.GetFiles(AudioFixtures.PathOf("wav"), "*.wav").Concat(Directory.GetFiles(AudioFixtures.PathOf("other"), "*.wav"))
            .Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];
        var random = new Random(20260);
        float[] block = new float[4096];
        int readCount = 0, refusedCount = 0;
        long largestAllocation = 0;
        foreach (byte[] file in files)
            Read(file, isPipe: false, block);

        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < MutantCount; i++)
        {
            byte[] mutant = Mutate(files[random.Next(files.Length)], random);
            long before = GC.GetAllocatedBytesForCurrentThread();
            bool isRead = Read(mutant, isPipe: i % 2 == 1, block);
            largestAllocation = Math.Max(largestAllocation, GC.GetAllocatedBytesForCurrentThread() - before);
            if (isRead) readCount++;
            else refusedCount++;
        }

        output.WriteLine($"{readCount} read, {refusedCount} refused, at most {largestAllocation} bytes each, {Stopwatch.GetElapsedTime(start).TotalSeconds:F1} s");
        Assert.InRange(largestAllocation, 1, LargestAllocation);
        Assert.InRange(readCount, MutantCount / 10, MutantCount);
        Assert.InRange(refusedCount, MutantCount / 10, MutantCount);
    }

    // Everything completes at once on memory, so the whole of it runs, and allocates, on this thread.
    private static bool Read(byte[] file, bool isPipe, float[] block)
    {
        try
        {
            Stream stream = isPipe ? new ForwardOnlyStream(file) : new MemoryStream(file);
            using SampleReader reader = Result(AudioInput.OpenAsync(stream, Options, leaveOpen: false, CancellationToken.None));
            int total = 0, count;
            while ((count = Result(reader.ReadAsync(block, CancellationToken.None))) > 0)
            {
                foreach (float sample in block.AsSpan(0, count))
                    Assert.True(float.IsFinite(sample));
                total += count;
                Assert.InRange(total, 1, LargestSampleCount);
            }

            return true;
        }
        catch (AudioFormatException fault)
        {
            Assert.False(string.IsNullOrWhiteSpace(fault.Message));
            return false;
        }
    }

    private static T Result<T>(ValueTask<T> task)
    {
        Assert.True(task.IsCompleted);
        return task.GetAwaiter().GetResult();
    }

    private static byte[] Mutate(byte[] file, Random random)
    {
        byte[] mutant = [.. file];
        for (int times = random.Next(1, 4); times > 0 && mutant.Length > 0; times--)
        {
            mutant = random.Next(8) switch
            {
                0 or 1 => FlipBits(mutant, Math.Min(mutant.Length, 120), random),
                2 => FlipBits(mutant, mutant.Length, random),
                3 => mutant[..random.Next(mutant.Length)],
                4 or 5 => LieAboutSize(mutant, random),
                6 => MoveChunks(mutant, random),
                _ => Insert(mutant, random),
            };
        }

        return mutant;
    }

    private static byte[] FlipBits(byte[] file, int limit, Random random)
    {
        for (int times = random.Next(1, 9); times > 0; times--)
            file[random.Next(limit)] ^= (byte)(1 << random.Next(8));
        return file;
    }

    private static byte[] LieAboutSize(byte[] file, Random random)
    {
        List<int> places = [4, .. ChunkStarts(file).Select(start => start + 4)];
        int place = places[random.Next(places.Count)];
        if (place + 4 > file.Length) return file;
        uint size = BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(place));
        size = random.Next(3) switch
        {
            0 => Sizes[random.Next(Sizes.Length)],
            1 => (uint)(size + random.Next(-9, 10)),
            _ => (uint)random.NextInt64(1L << 32),
        };
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(place), size);
        return file;
    }

    // Takes one chunk out and puts it back nowhere, twice, or elsewhere.
    private static byte[] MoveChunks(byte[] file, Random random)
    {
        List<int> starts = ChunkStarts(file);
        if (starts.Count == 0) return file;
        List<byte[]> chunks = [.. starts.Select((start, i) => file[start..(i + 1 < starts.Count ? starts[i + 1] : file.Length)])];
        int chosen = random.Next(chunks.Count);
        byte[] chunk = chunks[chosen];
        int kind = random.Next(3);
        if (kind != 1) chunks.RemoveAt(chosen);
        if (kind != 0) chunks.Insert(random.Next(chunks.Count + 1), chunk);
        return [.. file[..starts[0]], .. chunks.SelectMany(bytes => bytes)];
    }

    private static byte[] Insert(byte[] file, Random random)
    {
        byte[] inserted = new byte[random.Next(1, 20)];
        random.NextBytes(inserted);
        int place = random.Next(file.Length);
        return [.. file[..place], .. inserted, .. file[place..]];
    }

    private static List<int> ChunkStarts(byte[] file)
    {
        var starts = new List<int>();
        foreach (string id in (string[])["fmt ", "data", "LIST", "fact", "ds64", "bext"])
        {
            int start = file.AsSpan().IndexOf(Encoding.ASCII.GetBytes(id));
            if (start >= 12) starts.Add(start);
        }

        starts.Sort();
        return starts;
    }
}
