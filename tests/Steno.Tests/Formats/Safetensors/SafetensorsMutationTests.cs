using Steno.Formats.Safetensors;
using Steno.Tensors;

namespace Steno.Tests.Formats.Safetensors;

public sealed class SafetensorsMutationTests
{
    // A file of 1 kB: generous for the records of its tensors, a message and a stack trace, far below what any number in it could ask for.
    private const long MaxAllocatedBytes = 64_000;

    [Fact]
    public void Twenty_thousand_damaged_files_give_only_the_documented_exception_and_take_little_memory()
    {
        const int MutantCount = 20_000;
        var mutator = new SafetensorsMutator(SmallFile(), seed: 20250130);
        using var directory = new TemporaryDirectory();
        var problems = new HashSet<string>(StringComparer.Ordinal);
        int acceptedCount = 0;

        for (int i = 0; i < MutantCount; i++)
        {
            byte[] mutant = mutator.Next();
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                if (i % 16 == 0) ReadFile(directory.Write("mutant.safetensors", mutant));
                else ReadBytes(mutant);
                acceptedCount++;
            }
            catch (ModelFormatException fault)
            {
                Assert.InRange(fault.Message.Length, 1, 800);
                Assert.DoesNotContain(fault.Message, char.IsControl);
                problems.Add(fault.Message[(fault.Message.IndexOf(": ", StringComparison.Ordinal) + 2)..].Split(';')[0]);
            }
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MaxAllocatedBytes);
        }

        // Both outcomes and nearly every check must have been met, else the mutants are too tame or too wild to prove anything.
        Assert.InRange(acceptedCount, MutantCount / 20, MutantCount / 2);
        Assert.InRange(problems.Count, 22, 40);
    }

    [Fact]
    public void A_thousand_damaged_indexes_give_only_the_documented_exception()
    {
        const int MutantCount = 1000;
        using var directory = new TemporaryDirectory();
        directory.Write("m-1.safetensors", SafetensorsWriter.Write([new StoredTensor("a", "F32", [1], new byte[4])]));
        directory.Write("m-2.safetensors", SafetensorsWriter.Write([new StoredTensor("b", "F32", [1], new byte[4])]));
        byte[] original = """{"metadata":{"total_size":8},"weight_map":{"a":"m-1.safetensors","b":"m-2.safetensors"}}"""u8.ToArray();
        var random = new Random(7);
        int acceptedCount = 0;

        for (int i = 0; i < MutantCount; i++)
        {
            byte[] mutant = [.. original];
            for (int count = random.Next(1, 4); count > 0; count--) mutant[random.Next(mutant.Length)] = (byte)random.Next(random.Next(2) == 0 ? 128 : 256);
            string index = directory.Write("model.safetensors.index.json", mutant);
            try
            {
                using ShardedSafetensors shards = ShardedSafetensors.OpenIndex(index);
                acceptedCount++;
            }
            catch (ModelFormatException fault)
            {
                Assert.DoesNotContain(fault.Message, char.IsControl);
            }
        }

        Assert.InRange(acceptedCount, MutantCount / 50, MutantCount / 2);
    }

    private static byte[] SmallFile()
    {
        var random = new Random(1);
        byte[] halves = [.. Enumerable.Range(0, 40).SelectMany(_ => BitConverter.GetBytes((Half)random.NextSingle()))];
        byte[] floats = [.. Enumerable.Range(0, 30).SelectMany(_ => BitConverter.GetBytes(random.NextSingle()))];
        return SafetensorsWriter.Write(
        [
            new StoredTensor("thinker.model.embed_tokens.weight", "BF16", [5, 8], halves),
            new StoredTensor("thinker.model.norm.weight", "F32", [30], floats),
            new StoredTensor("thinker.audio_tower.conv2d1.weight", "F16", [4, 1, 2, 5], halves),
            new StoredTensor("thinker.audio_tower.conv2d1.bias", "F32", [2, 15], floats),
            new StoredTensor("empty", "F32", [0, 3], []),
            new StoredTensor("position_ids", "I64", [1, 5], halves[..40]),
        ]);
    }

    private static void ReadBytes(byte[] mutant)
    {
        var file = new ArrayBytes(mutant);
        SafetensorsHeader header = SafetensorsHeader.Read(mutant, mutant.Length, "mutant.safetensors");
        foreach (SafetensorsTensor tensor in header.Tensors.Values)
        {
            if (SafetensorsDType.Parse(tensor.DTypeName) is not null) ReadAll(tensor.ToView(file, header.DataOffset, "mutant.safetensors"));
        }
    }

    private static void ReadFile(string path)
    {
        using SafetensorsFile file = SafetensorsFile.Open(path);
        foreach (SafetensorsTensor tensor in file.Tensors.Values)
        {
            if (SafetensorsDType.Parse(tensor.DTypeName) is null) continue;
            ReadAll(file.Require(tensor.Name, tensor.Shape));
        }
    }

    private static void ReadAll(in TensorView view)
    {
        using AlignedBuffer<float> values = view.ReadFloats();
        view.RequireFinite(0, view.ElementCount);
        foreach (float value in values.Span) Assert.True(float.IsFinite(value));
    }
}
