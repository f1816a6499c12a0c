using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Steno.Checkpoints;
using Steno.Kernels;
using Steno.Loading;
using Steno.Packagings;
using Steno.Tensors;
using Steno.Tests.Formats.Safetensors;

namespace Steno.Tests.Checkpoints.Packed;

/// <summary>
/// Damaged files of every packaging, opened and read whole as loading would. The number of mutants of each is 1000, or what the environment variable
/// STENO_MUTANTS says.
/// </summary>
public sealed class PackagingMutationTests : IDisposable
{
    private const string JsonCharacters = "\"{}[],:0123456789-.eE tfn";

    private readonly TemporaryDirectory _directory = new();

    public static TheoryData<string> Names =>
    [
        "mlx-3", "mlx-mixed", "mxfp4", "nvfp4", "mxfp8", "modelopt-fp8", "modelopt-int8", "modelopt-nvfp4", "modelopt-awq", "fp8-squares", "ct-int8", "ct-nvfp4", "ct-w4-reordered",
    ];

    private static int MutantCount => int.Parse(Environment.GetEnvironmentVariable("STENO_MUTANTS") ?? "1000", CultureInfo.InvariantCulture);

    public void Dispose() => _directory.Dispose();

    [Theory, MemberData(nameof(Names))]
    public void Damaged_files_give_only_the_documented_exceptions_and_take_little_memory(string name)
    {
        string source = _directory.PathOf("source");
        string packed = _directory.PathOf("packed");
        MicroCheckpoint.Write(source);
        PackagingWriter.Write(Family.All.First(family => family.Name == name), source, packed, twin: null);
        Run(packed, "model.safetensors", () => Open(packed, []), isBoundToValues: true);
    }

    [Fact]
    public void Damaged_adapters_give_only_the_documented_exceptions_and_take_little_memory()
    {
        string source = _directory.PathOf("source");
        string adapter = _directory.PathOf("adapter");
        MicroCheckpoint.Write(source);
        AdapterWriter.Write(source, adapter, new AdapterOptions { RankPattern = new Dictionary<string, int> { ["q_proj"] = 3 }, IsAdapted = name => name.Contains("self_attn", StringComparison.Ordinal) }, merged: null);
        Run(adapter, "adapter_model.safetensors", () => Open(source, [adapter]), isBoundToValues: false);
    }

    // With isBoundToValues, no word of the configuration and no name or form of a part changes a value and is still accepted: those of types that are as
    // long, F16 and BF16, are the file's word alone. What the data say, what an adapter's alpha is, and which of two like matrices is which, nothing repeats.
    private static void Run(string directory, string weightsName, Func<Dictionary<string, int>> open, bool isBoundToValues)
    {
        string weights = Path.Combine(directory, weightsName);
        string config = Directory.GetFiles(directory, "*config.json").Single();
        byte[] originalWeights = File.ReadAllBytes(weights);
        byte[] originalConfig = File.ReadAllBytes(config);
        Dictionary<string, int> values = open();
        long whole = Allocated(open, out _, out _);
        var random = new Random(7);
        var mutator = new SafetensorsMutator(originalWeights, seed: 8);
        var problems = new HashSet<string>(StringComparer.Ordinal);
        int acceptedCount = 0;
        for (int i = 0; i < MutantCount; i++)
        {
            bool isConfig = i % 3 == 0;
            bool isType = false;
            File.WriteAllBytes(isConfig ? config : weights, isConfig ? Damage(originalConfig, random) : i % 3 == 1 ? mutator.Next() : DamageNames(originalWeights, random, out isType));
            Assert.InRange(Allocated(open, out StenoException? fault, out Dictionary<string, int>? found), 0, (3 * whole) + (2 * originalWeights.Length));
            File.WriteAllBytes(isConfig ? config : weights, isConfig ? originalConfig : originalWeights);
            if (fault is null)
            {
                acceptedCount++;
                if (isBoundToValues && i % 3 != 1 && !isType) Assert.All(found!, tensor => Assert.True(values.GetValueOrDefault(tensor.Key, tensor.Value) == tensor.Value, tensor.Key));
                continue;
            }

            Assert.InRange(fault.Message.Length, 1, 1200);
            Assert.DoesNotContain(fault.Message, char.IsControl);
            problems.Add(fault.Message[(fault.Message.IndexOf(": ", StringComparison.Ordinal) + 2)..].Split(';')[0]);
        }

        Assert.InRange(acceptedCount, MutantCount / 50, MutantCount * 9 / 10);
        Assert.True(problems.Count >= 12, $"only {problems.Count} different faults were met: {string.Join(" | ", problems)}");
    }

    private static byte[] Damage(byte[] original, Random random)
    {
        byte[] mutant = [.. original];
        for (int count = random.Next(1, 4); count > 0; count--) mutant[random.Next(mutant.Length)] = (byte)JsonCharacters[random.Next(JsonCharacters.Length)];
        return mutant;
    }

    // A part of a matrix under another name, in another number format, or with another shape of as many bytes.
    private static byte[] DamageNames(byte[] original, Random random, out bool isType)
    {
        int length = (int)BitConverter.ToInt64(original);
        string header = Encoding.UTF8.GetString(original, 8, length);
        (string From, string To)[] changes =
        [
            ("scales", "scalez"), ("biases", "scale"), ("weight_scale", "scales"), ("weight_packed", "weight"), ("\"U32\"", "\"I32\""), ("\"U8\"", "\"I8\""), ("\"I32\"", "\"U32\""), ("\"F8_E4M3\"", "\"U8\""), ("\"BF16\"", "\"F16\""),
            ("[128,", "[64,"), (",1]", "]"), (",2]", ",1,2]"), ("layers.0", "layers.1"), ("lora_A", "lora_B"), ("weight\"", "qweight\""), ("\"F32\"", "\"U32\""),
        ];
        (string from, string to) = changes[random.Next(changes.Length)];
        isType = to == "\"F16\"";
        int[] places = [.. Enumerable.Range(0, header.Length).Where(i => string.CompareOrdinal(header, i, from, 0, from.Length) == 0)];
        isType |= places.Length == 0;
        if (places.Length == 0) return Damage(original[..(8 + length)], random) is { } head ? [.. head, .. original[(8 + length)..]] : original;
        int place = places[random.Next(places.Length)];
        return SafetensorsWriter.Write(header[..place] + to + header[(place + from.Length)..], original[(8 + length)..]);
    }

    private static long Allocated(Func<Dictionary<string, int>> open, out StenoException? fault, out Dictionary<string, int>? values)
    {
        fault = null;
        values = null;
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            values = open();
        }
        catch (StenoException found) when (found is ModelFormatException or UnsupportedModelException)
        {
            fault = found;
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static Dictionary<string, int> Open(string directory, string[] adapters)
    {
        var values = new Dictionary<string, int>(StringComparer.Ordinal);
        Checkpoint checkpoint = CheckpointFinder.Find(directory, null, adapters);
        using IWeightSource weights = checkpoint.OpenWeights();
        foreach ((string name, long[] shape) in ModelTensors.Of(checkpoint.Config))
        {
            TensorView tensor = weights.Require(name, shape);
            using (AlignedBuffer<float> floats = tensor.ReadFloats())
            {
                var hash = default(HashCode);
                hash.AddBytes(MemoryMarshal.AsBytes(floats.Span));
                values.Add(name, hash.ToHashCode());
            }

            if (tensor.Derived is not { } derived) continue;
            byte[] codes = new byte[derived.CodeBits > 0 ? EncodedRows.CodeBytes(derived.ColumnCount) : 0];
            byte[] blocks = new byte[tensor.DType == DType.Q8_0 ? DTypeInfo.Of(DType.Q8_0).BytesOf(derived.ColumnCount) : 0];
            using LoadedElements rows = tensor.Load(0, tensor.ElementCount);
            for (long row = 0; row < shape[0]; row += 7)
            {
                if (codes.Length > 0) rows.Tensor.ReadCodes(row, codes);
                if (blocks.Length > 0) rows.Tensor.ReadBlocks(row, blocks);
            }
        }

        return values;
    }
}
