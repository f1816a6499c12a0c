using System.Buffers.Binary;
using Steno.Checkpoints;
using Steno.Loading;
using Steno.Packing;
using Steno.Threading;

namespace Steno.Tests.Packing;

/// <summary>Headers that lie, with a checksum that agrees: nothing crashes, and what is used has the shapes and the formats of the model.</summary>
public sealed class PackedMutationTests
{
    private const int MutantCount = 600;

    [Fact]
    public void A_lying_header_is_refused_or_says_what_is_true_of_the_weights()
    {
        using var packed = new PackedCheckpoint();
        byte[] original = File.ReadAllBytes(packed.PackedFile);
        int headerLength = BinaryPrimitives.ReadInt32LittleEndian(original.AsSpan(12));
        Checkpoint checkpoint = CheckpointFinder.Find(packed.Directory);
        using LoadedModel expected = packed.Load(usesPackedFile: false);
        var random = new Random(13);
        var problems = new HashSet<string>(StringComparer.Ordinal);
        int usedCount = 0;
        for (int i = 0; i < MutantCount; i++)
        {
            byte[] mutant = (byte[])original.Clone();
            int place = PackedLayout.PrefixBytes + random.Next(headerLength);
            if (random.Next(3) == 0) BinaryPrimitives.WriteInt32LittleEndian(mutant.AsSpan(place), random.Next(2) == 0 ? random.Next() : -random.Next(300));
            else mutant[place] = (byte)random.Next(256);
            Seal(mutant, headerLength);
            File.WriteAllBytes(packed.PackedFile, mutant);
            PackedModel? model = PackedModel.TryLoad(checkpoint, WeightPrecision.Q8, WorkerPool.Shared, out string? problem, TestContext.Current.CancellationToken);
            if (model is null)
            {
                Assert.NotNull(problem);
                Assert.InRange(problem.Length, 1, 1200);
                Assert.DoesNotContain(problem, char.IsControl);
                problems.Add(problem[(problem.IndexOf(": ", StringComparison.Ordinal) + 2)..].Split(';')[0]);
                continue;
            }

            usedCount++;
            foreach ((Steno.Kernels.PackedMatrix first, Steno.Kernels.PackedMatrix second) in PackedModelTests.MatricesOf(expected.Weights).Zip(PackedModelTests.MatricesOf(model.Weights)))
                Assert.Equal((first.Format, first.RowCount, first.ColumnCount, first.ByteCount), (second.Format, second.RowCount, second.ColumnCount, second.ByteCount));
            model.Weights.Dispose();
        }

        // A changed checksum of a part, or a byte that was so before, is all that may pass.
        Assert.InRange(usedCount, 1, MutantCount / 2);
        Assert.True(problems.Count >= 6, string.Join(" | ", problems));
    }

    private static void Seal(byte[] file, int headerLength)
    {
        ulong sum = Checksum.Of(file.AsSpan(PackedLayout.PrefixBytes, headerLength), Checksum.Of(file.AsSpan(0, 24)));
        BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(24), sum);
    }
}
