using System.Buffers;
using System.Text.Json;

namespace Steno.Formats.Safetensors;

/// <summary>Which shard holds which tensor: the file <c>model.safetensors.index.json</c>.</summary>
internal static class SafetensorsIndex
{
    /// <summary>Largest index file; that of Qwen3-ASR-1.7B has under 0.1 MB.</summary>
    public const int MaxBytes = 16 << 20;

    /// <summary>Most tensors that an index may list.</summary>
    public const int MaxTensorCount = SafetensorsHeader.MaxTensorCount;

    /// <summary>Most files that an index may name.</summary>
    public const int MaxShardCount = 256;

    private static readonly SearchValues<char> NotInPlainNames = SearchValues.Create("/\\:*?\"<>|");

    /// <summary>Reads an index.</summary>
    /// <param name="path">The index file.</param>
    /// <returns>Shard file name, without a directory, by tensor name.</returns>
    /// <exception cref="ModelFormatException">The file is too large, is no index, or names a shard outside its own directory.</exception>
    public static Dictionary<string, string> Read(string path)
    {
        using JsonDocument document = JsonFile.ReadObject(path, MaxBytes);
        if (!document.RootElement.TryGetProperty("weight_map", out JsonElement map) || map.ValueKind != JsonValueKind.Object)
        {
            throw new ModelFormatException(
                "the index has no object weight_map", path, expected: "weight_map from tensor names to shard names");
        }

        var shardOfTensor = new Dictionary<string, string>(StringComparer.Ordinal);
        var shards = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (JsonProperty entry in map.EnumerateObject())
        {
            string tensor = ReadText(() => entry.Name, path, null);
            if (entry.Value.ValueKind != JsonValueKind.String)
            {
                throw new ModelFormatException(
                    "a tensor's shard in weight_map is not a text",
                    path,
                    MessageText.Excerpt(tensor),
                    expected: "a shard file name",
                    found: entry.Value.ValueKind.ToString());
            }
            string shard = ReadText(() => entry.Value.GetString()!, path, tensor);
            CheckName(shard, tensor, path);
            if (shards.TryAdd(shard, shard) && shards.Count > MaxShardCount)
                throw new ModelFormatException("the index names too many shards", path, expected: $"at most {MaxShardCount}");
            if (shardOfTensor.Count == MaxTensorCount)
                throw new ModelFormatException("the index lists too many tensors", path, expected: $"at most {MaxTensorCount}");
            shardOfTensor.Add(tensor, shards[shard]);
        }
        if (shardOfTensor.Count == 0)
            throw new ModelFormatException("the index lists no tensors", path, expected: "weight_map from tensor names to shard names");
        return shardOfTensor;
    }

    // A plain name in the index's own directory, whatever the operating system: no separator of any system, no drive, no stream, no "..".
    private static void CheckName(string shard, string tensor, string path)
    {
        bool isPlain = shard.EndsWith(".safetensors", StringComparison.Ordinal)
            && !shard.StartsWith('.')
            && !shard.AsSpan().ContainsAny(NotInPlainNames)
            && !shard.Any(char.IsControl);
        if (!isPlain)
        {
            throw new ModelFormatException(
                "the index names a shard that is not a plain file name",
                path,
                MessageText.Excerpt(tensor),
                expected: "a name such as model-00001-of-00002.safetensors",
                found: MessageText.Excerpt(shard));
        }
    }

    private static string ReadText(Func<string> read, string path, string? tensor)
    {
        try
        {
            return read();
        }
        catch (InvalidOperationException fault)
        {
            throw new ModelFormatException(
                "a text in the index has an unpaired surrogate",
                path,
                tensor is null ? null : MessageText.Excerpt(tensor),
                innerException: fault);
        }
    }
}
