using Steno.Formats;
using Steno.Formats.Safetensors;
using Steno.Tensors;

namespace Steno.Checkpoints.Adapters;

/// <summary>
/// A LoRA adapter as PEFT writes it: for some matrices W of a model two narrow ones, of which scale * B * A is added to W, and whole tensors that take the
/// place of the model's. Every tensor of it must belong to a tensor of the model: an adapter that is applied in part is a fault.
/// </summary>
internal sealed class LoraAdapter : IDisposable
{
    private const string WeightsName = "adapter_model.safetensors";
    private const string PeftPrefix = "base_model.model.";
    private const string MatrixSuffix = ".weight";

    private readonly SafetensorsFile _file;
    private readonly LoraConfig _config;
    private readonly Dictionary<string, LoraProduct> _products = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _replacements = new(StringComparer.Ordinal);

    private LoraAdapter(string directory, LoraConfig config, SafetensorsFile file)
    {
        Directory = directory;
        _config = config;
        _file = file;
    }

    /// <summary>The directory, as it was given.</summary>
    public string Directory { get; }

    /// <summary>Full paths of its files.</summary>
    public IReadOnlyList<string> Files => [Path.GetFullPath(_config.File), Path.GetFullPath(_file.Location)];

    /// <summary>Opens an adapter and sees that all of it fits a model.</summary>
    /// <param name="directory">Where its two files are.</param>
    /// <param name="shapes">Shapes of the model's tensors, by their original names.</param>
    /// <exception cref="ModelFormatException">A file is missing or broken, or a tensor belongs to none of the model.</exception>
    /// <exception cref="UnsupportedModelException">The adapter is of another kind than products that are added.</exception>
    public static LoraAdapter Open(string directory, IReadOnlyDictionary<string, long[]> shapes)
    {
        RequireFiles(directory);
        LoraConfig config = LoraConfig.Read(directory);
        SafetensorsFile file = SafetensorsFile.Open(Path.Combine(directory, WeightsName));
        try
        {
            var adapter = new LoraAdapter(directory, config, file);
            foreach (string key in file.Names.Order(StringComparer.Ordinal)) adapter.Add(key, shapes);
            foreach (LoraProduct product in adapter._products.Values) product.Check();
            if (adapter._products.Count + adapter._replacements.Count == 0)
                throw new ModelFormatException("the adapter has no tensors", file.Location, expected: "pairs of lora_A.weight and lora_B.weight", found: "none");
            return adapter;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Applies the adapter to a tensor of the model.</summary>
    /// <param name="name">Its original name.</param>
    /// <param name="tensor">The tensor.</param>
    /// <returns>The tensor itself where the adapter has nothing for it, or adds only zeros.</returns>
    public TensorView Apply(string name, TensorView tensor)
    {
        if (_replacements.TryGetValue(name, out string? key) && _file.TryGetTensor(key, out TensorView replacement)) tensor = replacement;
        return _products.TryGetValue(name, out LoraProduct? product) ? product.AddTo(tensor) : tensor;
    }

    public void Dispose() => _file.Dispose();

    private static void RequireFiles(string directory)
    {
        const string Expected = $"a directory with {LoraConfig.FileName} and {WeightsName}";
        if (!System.IO.Directory.Exists(directory))
            throw new ModelFormatException("there is no such directory for an adapter", directory, expected: Expected, found: File.Exists(directory) ? "a file" : "nothing");
        string[] missing = [.. new[] { LoraConfig.FileName, WeightsName }.Where(name => !File.Exists(Path.Combine(directory, name)))];
        if (missing.Length == 0) return;
        string found = "no " + string.Join(" and no ", missing);
        if (File.Exists(Path.Combine(directory, ModelConfigReader.FileName)) && missing.Contains(LoraConfig.FileName))
            throw new ModelFormatException("this is a whole model, not an adapter: name it with --model", directory, expected: Expected, found: found);
        string problem = File.Exists(Path.Combine(directory, "adapter_model.bin"))
            ? "the adapter's weights are a pickle, which Steno does not read since it may run code: save it again with PEFT as safetensors"
            : File.Exists(Path.Combine(directory, "adapters.safetensors")) ? "this is an adapter of mlx-lm, which Steno does not read: fuse it into its model" : "the adapter is not whole";
        throw new ModelFormatException(problem, directory, expected: Expected, found: found);
    }

    private void Add(string key, IReadOnlyDictionary<string, long[]> shapes)
    {
        string path = key.StartsWith(PeftPrefix, StringComparison.Ordinal) ? key[PeftPrefix.Length..] : key;
        if (TrySplit(path, out string module, out bool isA))
        {
            string name = OriginalName(module + MatrixSuffix, shapes) ?? throw Unmatched(key);
            TensorView factor = Factor(key);
            if (!_products.TryGetValue(name, out LoraProduct? product))
            {
                (int rank, float scale) = _config.Of(module);
                product = new LoraProduct(_file.Location, module, shapes[name], rank, scale);
                _products.Add(name, product);
            }

            product.Set(factor, isA);
            return;
        }

        path = path.Replace(".modules_to_save.", ".", StringComparison.Ordinal).Replace(".base_layer.", ".", StringComparison.Ordinal);
        string replaced = OriginalName(path, shapes) ?? throw Unmatched(key);
        TensorView tensor = Factor(key);
        if (!tensor.Shape.AsSpan().SequenceEqual(shapes[replaced]))
            throw new ModelFormatException("a tensor of the adapter has another shape than that of the model", _file.Location, MessageText.Excerpt(key), tensor.FileOffset, $"shape [{string.Join(", ", shapes[replaced])}]", $"shape {tensor.ShapeText}");
        if (!_replacements.TryAdd(replaced, key)) throw new ModelFormatException("two tensors of the adapter take the place of the same one", _file.Location, MessageText.Excerpt(key), expected: "each once", found: MessageText.Excerpt(_replacements[replaced]));
    }

    private TensorView Factor(string key)
    {
        _file.TryGetTensor(key, out TensorView tensor);
        return tensor;
    }

    // X.lora_A.weight; with the adapter's name before weight, where it was not saved by PEFT's own function.
    private static bool TrySplit(string path, out string module, out bool isA)
    {
        foreach (string part in new[] { ".lora_A.", ".lora_B." })
        {
            int place = path.LastIndexOf(part, StringComparison.Ordinal);
            if (place < 0 || path[(place + part.Length)..] is not ("weight" or "default.weight")) continue;
            module = path[..place];
            isA = part == ".lora_A.";
            return true;
        }

        module = string.Empty;
        isA = false;
        return false;
    }

    // The names of the original, of the port, or of the inner model alone.
    private static string? OriginalName(string name, IReadOnlyDictionary<string, long[]> shapes) =>
        new[] { name, CheckpointNames.Port.ToOriginal(name), CheckpointNames.Stripped.ToOriginal(name) }.FirstOrDefault(shapes.ContainsKey);

    private ModelFormatException Unmatched(string key) => new(
        "a tensor of the adapter belongs to none of the model: the adapter is for another model, or of a kind that Steno does not apply",
        _file.Location,
        MessageText.Excerpt(key),
        expected: "the path of a matrix of the model with lora_A.weight or lora_B.weight, or the name of a tensor that is replaced",
        found: "no such matrix or tensor");
}
