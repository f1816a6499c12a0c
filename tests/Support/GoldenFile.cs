using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Steno.Tests.Support;

/// <summary>Named float32 tensors of a reference run, read from a safetensors file.</summary>
internal sealed class GoldenFile
{
    private readonly string _path;
    private readonly Dictionary<string, (int[] Shape, float[] Values)> _tensors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _metadata = new(StringComparer.Ordinal);

    private GoldenFile(string path) => _path = path;

    public IEnumerable<string> Names => _tensors.Keys;

    /// <summary>Values of a tensor, row-major.</summary>
    public float[] this[string name] => Find(name).Values;

    public int[] Shape(string name) => Find(name).Shape;

    public string Metadata(string key) =>
        _metadata.TryGetValue(key, out string? value) ? value : throw new KeyNotFoundException($"{_path} has no metadata '{key}'.");

    public bool Contains(string name) => _tensors.ContainsKey(name);

    public static GoldenFile Load(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        var golden = new GoldenFile(path);
        int headerBytes = checked((int)BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        ReadOnlySpan<byte> data = bytes.AsSpan(8 + headerBytes);

        using JsonDocument header = JsonDocument.Parse(bytes.AsMemory(8, headerBytes));
        foreach (JsonProperty entry in header.RootElement.EnumerateObject())
        {
            if (string.Equals(entry.Name, "__metadata__", StringComparison.Ordinal))
            {
                foreach (JsonProperty item in entry.Value.EnumerateObject())
                    golden._metadata.Add(item.Name, item.Value.GetString()!);
            }
            else
            {
                golden._tensors.Add(entry.Name, ReadTensor(path, entry, data));
            }
        }

        return golden;
    }

    private static (int[] Shape, float[] Values) ReadTensor(string path, JsonProperty entry, ReadOnlySpan<byte> data)
    {
        string? type = entry.Value.GetProperty("dtype").GetString();
        if (!string.Equals(type, "F32", StringComparison.Ordinal))
            throw new NotSupportedException($"{path}: tensor '{entry.Name}' is {type}; goldens hold F32 only.");

        int[] shape = [.. entry.Value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt32())];
        JsonElement offsets = entry.Value.GetProperty("data_offsets");
        float[] values = MemoryMarshal.Cast<byte, float>(data[offsets[0].GetInt32()..offsets[1].GetInt32()]).ToArray();
        if (values.Length != shape.Aggregate(1, (product, size) => product * size))
            throw new InvalidDataException($"{path}: tensor '{entry.Name}' has {values.Length} values, not the product of its shape.");
        return (shape, values);
    }

    private (int[] Shape, float[] Values) Find(string name) =>
        _tensors.TryGetValue(name, out (int[] Shape, float[] Values) tensor)
            ? tensor
            : throw new KeyNotFoundException($"{_path} has no tensor '{name}'; it has {string.Join(", ", _tensors.Keys)}.");
}
