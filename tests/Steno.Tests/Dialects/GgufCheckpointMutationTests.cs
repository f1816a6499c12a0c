using Steno.Checkpoints;
using Steno.Formats.Gguf;
using Steno.Loading;
using Steno.Tensors;
using Steno.Tests.Formats.Gguf;

namespace Steno.Tests.Dialects;

/// <summary>Damaged files, opened as a user would: which dialect they are, the other file of a pair, tokenizer, dimensions, tensors.</summary>
public sealed class GgufCheckpointMutationTests : IDisposable
{
    private const int MutantCount = 1000;

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_damaged_file_gives_only_the_documented_exceptions_and_takes_little_memory() =>
        OpenMutants(MicroGguf.CrispAsr(), "model.gguf", seed: 1);

    [Fact]
    public void A_pair_with_a_damaged_text_file_gives_only_the_documented_exceptions()
    {
        _directory.Write("mmproj-model.gguf", MicroGguf.LlamaAudio());
        OpenMutants(MicroGguf.LlamaText(), "model.gguf", seed: 2);
    }

    [Fact]
    public void A_damaged_audio_file_of_a_pair_gives_only_the_documented_exceptions()
    {
        _directory.Write("model.gguf", MicroGguf.LlamaText());
        OpenMutants(MicroGguf.LlamaAudio(), "mmproj-model.gguf", seed: 3);
    }

    // A broken file is not the one that is sought: the text file, which is named, then lacks its other half.
    [Fact]
    public void A_pair_whose_other_file_is_damaged_gives_only_the_documented_exceptions()
    {
        string text = _directory.Write("model.gguf", MicroGguf.LlamaText());
        OpenMutants(MicroGguf.LlamaAudio(), "mmproj-model.gguf", seed: 4, text, problemCount: 3);
    }

    private void OpenMutants(byte[] original, string name, int seed, string? named = null, int problemCount = 8)
    {
        string path = _directory.Write(name, original);
        named ??= path;
        Open(named);
        long whole = Measure(named, out _);
        var mutator = new GgufMutator(original, (int)GgufHeader.Read(original, original.Length, "f").DataOffset, seed);
        var problems = new HashSet<string>(StringComparer.Ordinal);
        int acceptedCount = 0;
        for (int i = 0; i < MutantCount; i++)
        {
            byte[] mutant = mutator.Next();
            _directory.Write(name, mutant);

            // What a whole file takes is its tokenizer, for the most part; a lie must not make it much more.
            Assert.InRange(Measure(named, out StenoException? fault), 0, 3 * (whole + original.Length));
            if (fault is null)
            {
                acceptedCount++;
                continue;
            }

            Assert.InRange(fault.Message.Length, 1, 1200);
            Assert.DoesNotContain(fault.Message, char.IsControl);
            problems.Add(fault.Message[(fault.Message.IndexOf(": ", StringComparison.Ordinal) + 2)..].Split(';')[0]);
        }

        Assert.InRange(acceptedCount, MutantCount / 50, MutantCount * 9 / 10);
        Assert.True(problems.Count >= problemCount, $"only {problems.Count} different faults were met: {string.Join(" | ", problems)}");
    }

    private static long Measure(string path, out StenoException? fault)
    {
        fault = null;
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            Open(path);
        }
        catch (StenoException found) when (found is ModelFormatException or UnsupportedModelException)
        {
            fault = found;
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static void Open(string path)
    {
        Checkpoint checkpoint = CheckpointFinder.Find(path);
        using IWeightSource weights = checkpoint.OpenWeights();
        foreach ((string name, long[] shape) in ModelTensors.Of(checkpoint.Config)) weights.Require(name, shape);
    }
}
