using Steno.Formats.Gguf;
using Steno.Tensors;

namespace Steno.Tests.Formats.Gguf;

public sealed class GgufMutationTests
{
    // A message and a stack trace; all else is bounded by the file.
    private const long MaxConstantBytes = 40_000;

    [Fact]
    public void A_hundred_thousand_damaged_files_give_only_the_documented_exception_and_take_little_memory()
    {
        const int MutantCount = 100_000;
        byte[] original = SmallGguf.Create().Write();
        var mutator = new GgufMutator(original, (int)GgufHeader.Read(original, original.Length, "f").DataOffset, seed: 20250131);
        var problems = new HashSet<string>(StringComparer.Ordinal);
        int acceptedCount = 0;

        for (int i = 0; i < MutantCount; i++)
        {
            byte[] mutant = mutator.Next();
            long limit = MaxConstantBytes + (2L * mutant.Length);
            long allocated = Measure(mutant, out ModelFormatException? fault);

            // What the runtime allocates once, for a first fault of its kind, is not the file's doing.
            if (allocated > limit) allocated = Measure(mutant, out fault);
            Assert.InRange(allocated, 0, limit);
            if (fault is null)
            {
                acceptedCount++;
                continue;
            }

            Assert.InRange(fault.Message.Length, 1, 800);
            Assert.DoesNotContain(fault.Message, char.IsControl);
            problems.Add(fault.Message[(fault.Message.IndexOf(": ", StringComparison.Ordinal) + 2)..].Split(';')[0]);
        }

        // Both outcomes and nearly every check must have been met, else the mutants are too tame or too wild to prove anything.
        Assert.InRange(acceptedCount, MutantCount / 20, MutantCount * 2 / 3);
        Assert.True(problems.Count >= 30, $"only {problems.Count} different faults were met");
    }

    private static long Measure(byte[] mutant, out ModelFormatException? fault)
    {
        fault = null;
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            Read(mutant);
        }
        catch (ModelFormatException found)
        {
            fault = found;
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static void Read(byte[] mutant)
    {
        var file = new ArrayBytes(mutant);
        GgufHeader header = GgufHeader.Read(mutant, mutant.Length, "mutant.gguf");
        ReadValues(new GgufMetadata(header.Values, mutant, "mutant.gguf"));
        foreach (GgufTensor tensor in header.Tensors.Values)
        {
            if (tensor.Type.DType is null) continue;
            TensorView view = tensor.ToView(file, header.DataOffset, "mutant.gguf");
            view.RequireFinite(0, view.ElementCount);
        }
    }

    private static void ReadValues(GgufMetadata metadata)
    {
        metadata.Text("general.architecture");
        metadata.Integer("a.u16", 0, 65535);
        metadata.Number("a.f32", 0, 1);
        metadata.Integers("tokenizer.ggml.token_type", 1000);
        GgufTexts texts = metadata.Texts("tokenizer.ggml.tokens", 1000);
        for (int i = 0; i < texts.Count; i++) texts.ReadNext();
    }
}
