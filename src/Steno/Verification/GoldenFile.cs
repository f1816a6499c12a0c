using Steno.Formats.Safetensors;
using Steno.Tensors;

namespace Steno.Verification;

/// <summary>Activations of a reference run in a safetensors file: named tensors of F32, the attention and the audio as metadata.</summary>
internal sealed class GoldenFile : IDisposable
{
    /// <summary>Some 20 minutes of the widest activation of the largest model.</summary>
    private const long MaxElementCount = 1 << 28;

    private readonly SafetensorsFile _file;
    private readonly Dictionary<string, float[]> _values = new(StringComparer.Ordinal);

    private GoldenFile(SafetensorsFile file) => _file = file;

    public string Name => Path.GetFileNameWithoutExtension(_file.Location);

    /// <summary>Names of the tensors, layers in the order of their numbers.</summary>
    public IEnumerable<string> Names => _file.Tensors.Keys
        .OrderBy(name => name.Split('.')[0], StringComparer.Ordinal)
        .ThenBy(name => name.Length)
        .ThenBy(name => name, StringComparer.Ordinal);

    public AttentionMode Attention => _file.Metadata.GetValueOrDefault("attention") == "full" ? AttentionMode.Full : AttentionMode.Windowed;

    /// <summary>Path of the recording, a file beside this one; null when there is none.</summary>
    public string? AudioPath =>
        _file.Metadata.TryGetValue("audio", out string? name) && name == Path.GetFileName(name) && name.Length > 0
        && Path.Combine(Path.GetDirectoryName(_file.Location)!, name) is var path && File.Exists(path)
            ? path
            : null;

    /// <summary>Opens a file.</summary>
    /// <exception cref="ModelFormatException">It is no safetensors file, or lacks what every reference run has.</exception>
    public static GoldenFile Open(string path)
    {
        var golden = new GoldenFile(SafetensorsFile.Open(path));
        foreach (string name in new[] { "mel", "ids", "generated" })
        {
            if (golden._file.Tensors.TryGetValue(name, out SafetensorsTensor? tensor) && tensor.Shape.Length > 0 && tensor.End > tensor.Begin) continue;
            golden.Dispose();
            throw new ModelFormatException("this is no file of reference activations", path, expected: $"a tensor {name} that is not empty");
        }

        return golden;
    }

    public bool Has(string name) => _file.Tensors.ContainsKey(name);

    /// <summary>Length of the rows of a tensor.</summary>
    public long WidthOf(string name) => _file.Tensors[name].Shape is { Length: > 0 } shape ? shape[^1] : 1;

    /// <summary>Values of a tensor, row-major.</summary>
    /// <exception cref="ModelFormatException">It is not F32.</exception>
    public float[] Values(string name)
    {
        if (_values.TryGetValue(name, out float[]? values)) return values;
        if (!_file.TryGetTensor(name, out TensorView tensor) || tensor.DType != DType.F32)
            throw new ModelFormatException("a reference activation has the wrong number format", _file.Location, name, expected: "F32");
        if (tensor.ElementCount > MaxElementCount)
            throw new ModelFormatException("a reference activation is too large", _file.Location, name, expected: $"at most {MaxElementCount} values", found: $"{tensor.ElementCount}");
        using AlignedBuffer<float> buffer = tensor.ReadFloats();
        return _values[name] = buffer.Span.ToArray();
    }

    /// <summary>Values of a tensor that holds ids.</summary>
    /// <exception cref="ModelFormatException">It is not F32, or a value is no id.</exception>
    public int[] Ids(string name) => Array.ConvertAll(Values(name), value => value >= 0 && value < 1 << 24 && value == MathF.Floor(value)
        ? (int)value
        : throw new ModelFormatException("a reference id is no whole number", _file.Location, name, expected: "0 to 2^24", found: $"{value}"));

    public void Dispose() => _file.Dispose();
}
