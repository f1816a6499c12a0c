using System.Globalization;
using Steno.Checkpoints;
using Steno.Formats.Gguf;
using Steno.Loading;
using Steno.Model;
using Steno.Tensors;
using Steno.Tests.Formats.Gguf;

namespace Steno.Tests.Packagings;

/// <summary>
/// Damaged files of other programs, opened as a user would: the documented exceptions and no others, little memory, and no file that opens as another
/// model than it was. STENO_MUTANTS says how many of each format; a tenth of what is tried before a release by default.
/// </summary>
public sealed unsafe class PackagedMutationTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private static int MutantCount { get; } = int.Parse(Environment.GetEnvironmentVariable("STENO_MUTANTS") ?? "1000", CultureInfo.InvariantCulture);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Of_transcribe_cpp()
    {
        byte[] original = TranscribeCppFile.Write(SourceModel.Micro(), tensor => TypeMixture.OfTranscribeCpp("Q8_0", tensor)).Write();
        OpenMutants(original, new GgufMutator(original, HeaderLength(original), seed: 11), problemCount: 20);
    }

    [Fact]
    public void Of_audio_cpp()
    {
        byte[] original = AudioCppFile.Write(SourceModel.Micro(), tensor => TypeMixture.OfAudioCpp("Q8_0", tensor), new AudioCppLayout(AliasesAll: true)).Write();
        OpenMutants(original, new GgufMutator(original, HeaderLength(original), seed: 12), problemCount: 20);
    }

    [Fact]
    public void Of_chatllm_cpp()
    {
        byte[] original = new ChatLlmFile(SourceModel.Micro(), tensor => TypeMixture.OfChatLlm("Q8_0", tensor)).Write();
        OpenMutants(original, new GgufMutator(original, original.Length, seed: 13), problemCount: 20);
    }

    private void OpenMutants(byte[] original, GgufMutator mutator, int problemCount)
    {
        string path = _directory.Write("model.bin", original);
        OpenedModel whole = OpenedModel.Open(path);
        long wholeBytes = Measure(path, out _, out _);
        var problems = new HashSet<string>(StringComparer.Ordinal);
        int acceptedCount = 0;
        for (int i = 0; i < MutantCount; i++)
        {
            byte[] mutant = mutator.Next();
            _directory.Write("model.bin", mutant);
            long allocated = Measure(path, out StenoException? fault, out OpenedModel? opened);

            // What a whole file takes is its tokenizer, for the most part; a lie must not make it much more.
            Assert.InRange(allocated, 0, 3 * (wholeBytes + original.Length));
            if (fault is null)
            {
                acceptedCount++;
                whole.AssertSame(opened!, original, mutant);
                continue;
            }

            Assert.InRange(fault.Message.Length, 1, 2000);
            Assert.False(fault.Message.Any(char.IsControl), fault.Message);
            problems.Add(fault.Message[(fault.Message.IndexOf(": ", StringComparison.Ordinal) + 2)..].Split(';')[0]);
        }

        Assert.InRange(acceptedCount, MutantCount / 50, MutantCount * 9 / 10);
        Assert.True(problems.Count >= problemCount, $"only {problems.Count} different faults were met: {string.Join(" | ", problems)}");
    }

    private static int HeaderLength(byte[] file) => (int)GgufHeader.Read(file, file.Length, "f").DataOffset;

    private static long Measure(string path, out StenoException? fault, out OpenedModel? opened)
    {
        fault = null;
        opened = null;
        long before = GC.GetAllocatedBytesForCurrentThread();
        long after;
        try
        {
            Checkpoint checkpoint = CheckpointFinder.Find(path);
            using (IWeightSource weights = checkpoint.OpenWeights())
            {
                foreach ((string name, long[] shape) in ModelTensors.Of(checkpoint.Config)) weights.Require(name, shape);
            }

            after = GC.GetAllocatedBytesForCurrentThread();
            opened = OpenedModel.Open(path);
        }
        catch (StenoException found) when (found is ModelFormatException or UnsupportedModelException)
        {
            fault = found;
            after = GC.GetAllocatedBytesForCurrentThread();
        }

        return after - before;
    }

    /// <summary>What was found in a file: the dimensions, and for each tensor its type and where it is.</summary>
    private sealed record OpenedModel(ModelConfig Config, IReadOnlyDictionary<string, (DType Type, long Offset, byte[] Data)> Tensors)
    {
        public static OpenedModel Open(string path)
        {
            Checkpoint checkpoint = CheckpointFinder.Find(path);
            using IWeightSource weights = checkpoint.OpenWeights();
            var tensors = new Dictionary<string, (DType Type, long Offset, byte[] Data)>(StringComparer.Ordinal);
            foreach ((string name, long[] shape) in ModelTensors.Of(checkpoint.Config))
            {
                TensorView tensor = weights.Require(name, shape);
                using LoadedElements loaded = tensor.Load(0, tensor.ElementCount);
                tensors.Add(name, (tensor.DType, tensor.FileOffset!.Value, new ReadOnlySpan<byte>(loaded.Tensor.At(0), (int)tensor.ByteCount).ToArray()));
            }

            return new OpenedModel(checkpoint.Config, tensors);
        }

        /// <summary>Asserts that a mutant opened as the same model: no weight is read from where it is not, and no dimension is another.</summary>
        public void AssertSame(OpenedModel mutant, byte[] original, byte[] mutantBytes)
        {
            // Numbers that nothing in a file repeats or bounds: another one is another model, as well formed as this.
            Assert.Equal(Shapes(Config), Shapes(mutant.Config));
            Assert.Equal(Tensors.Keys, mutant.Tensors.Keys);
            foreach ((string name, (DType type, long offset, byte[] data)) in Tensors)
            {
                // Between types of the same bytes per block, as F16 and BF16, only the file's word decides, as it does over the weights themselves.
                (DType Type, long Offset, byte[] Data) found = mutant.Tensors[name];
                Assert.True(type == found.Type || data.Length == found.Data.Length, $"{name} of {type} was found as {found.Type}");
                bool isInPlace = original.Length == mutantBytes.Length && found.Offset == offset;
                Assert.Equal(isInPlace ? mutantBytes.AsSpan((int)offset, data.Length).ToArray() : data, found.Data);
            }
        }

        private static ModelConfig Shapes(ModelConfig config) => config with
        {
            SupportedLanguages = [],
            Audio = config.Audio with { ChunkFrameCount = 0, WindowFrameCount = 0, HeadCount = 1 },
            Text = config.Text with { RmsNormEpsilon = 0, RopeTheta = 0, MaxPositionCount = 0 },
        };
    }
}
