using System.Globalization;
using Steno.Tensors;

namespace Steno.Formats.Safetensors;

/// <summary>The tensors of a checkpoint that is split over several safetensors files of one directory.</summary>
internal sealed class ShardedSafetensors : ISafetensors
{
    private readonly SafetensorsFile[] _shards;
    private readonly Dictionary<string, SafetensorsFile> _shardOfTensor;
    private bool _isDisposed;

    private ShardedSafetensors(string location, SafetensorsFile[] shards, Dictionary<string, SafetensorsFile> shardOfTensor)
    {
        Location = location;
        _shards = shards;
        _shardOfTensor = shardOfTensor;
    }

    /// <inheritdoc/>
    public string Location { get; }

    /// <inheritdoc/>
    public IEnumerable<string> Names => _shardOfTensor.Keys;

    /// <summary>Opens the shards that an index names; tensors that the index leaves out do not exist.</summary>
    /// <param name="indexPath">The file model.safetensors.index.json.</param>
    /// <exception cref="ModelFormatException">The index or a shard is broken or missing, or they contradict each other.</exception>
    public static ShardedSafetensors OpenIndex(string indexPath)
    {
        Dictionary<string, string> shardNameOfTensor = SafetensorsIndex.Read(indexPath);
        string directory = Path.GetDirectoryName(Path.GetFullPath(indexPath))!;
        string[] names = [.. shardNameOfTensor.Values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        string? missing = names.FirstOrDefault(name => !File.Exists(Path.Combine(directory, name)));
        if (missing is not null)
        {
            throw new ModelFormatException(
                "the index names a shard that is not there", indexPath, expected: $"a file {missing} beside the index");
        }

        return Open(directory, [.. names.Select(name => Path.Combine(directory, name))], shards =>
        {
            var shardOfName = names.Zip(shards).ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal);
            var shardOfTensor = new Dictionary<string, SafetensorsFile>(shardNameOfTensor.Count, StringComparer.Ordinal);
            foreach ((string tensor, string name) in shardNameOfTensor)
            {
                SafetensorsFile shard = shardOfName[name];
                if (!shard.Tensors.ContainsKey(tensor))
                {
                    throw new ModelFormatException(
                        "the shard lacks a tensor that the index places in it",
                        shard.Location,
                        MessageText.Excerpt(tensor),
                        expected: "the tensor",
                        found: "no tensor of that name");
                }
                shardOfTensor.Add(tensor, shard);
            }
            return shardOfTensor;
        });
    }

    /// <summary>Whether a directory has files named like shards.</summary>
    public static bool AreIn(string directory) => FindShards(directory).Length > 0;

    /// <summary>Opens shards that have no index: <c>model-00001-of-0000N.safetensors</c> and so on to N.</summary>
    /// <param name="directory">Where the shards lie.</param>
    /// <returns>Null when the directory has no file of such a name.</returns>
    /// <exception cref="ModelFormatException">A shard is missing or broken, or two shards hold a tensor of the same name.</exception>
    public static ShardedSafetensors? OpenWithoutIndex(string directory)
    {
        string[] names = FindShards(directory);
        if (names.Length == 0) return null;

        int shardCount = ShardCount(names[0])!.Value;
        if (shardCount == 0)
            throw new ModelFormatException("the number of shards is impossible", directory, expected: "at least 1", found: names[0]);
        if (shardCount > SafetensorsIndex.MaxShardCount)
        {
            throw new ModelFormatException(
                "the checkpoint has too many shards", directory, expected: $"at most {SafetensorsIndex.MaxShardCount}", found: names[0]);
        }
        string[] expected = [.. Enumerable.Range(1, shardCount).Select(number => ShardName(number, shardCount))];
        if (expected.Except(names, StringComparer.Ordinal).FirstOrDefault() is { } missing)
            throw new ModelFormatException("a shard of the checkpoint is missing", directory, expected: missing);
        if (names.Except(expected, StringComparer.Ordinal).FirstOrDefault() is { } surplus)
        {
            throw new ModelFormatException(
                "the directory has shards of two checkpoints",
                directory,
                expected: $"{expected[0]} to {expected[^1]} only",
                found: surplus);
        }

        return Open(directory, [.. names.Select(name => Path.Combine(directory, name))], shards =>
        {
            var shardOfTensor = new Dictionary<string, SafetensorsFile>(StringComparer.Ordinal);
            foreach (SafetensorsFile shard in shards)
            {
                foreach (string tensor in shard.Tensors.Keys)
                {
                    if (!shardOfTensor.TryAdd(tensor, shard))
                    {
                        throw new ModelFormatException(
                            "two shards hold the same tensor",
                            shard.Location,
                            MessageText.Excerpt(tensor),
                            expected: "each tensor once",
                            found: "it is also in " + shardOfTensor[tensor].Location);
                    }
                }
            }
            return shardOfTensor;
        });
    }

    /// <inheritdoc/>
    /// <exception cref="ModelFormatException">The tensor is stored in a number format that Steno does not compute with.</exception>
    public bool TryGetTensor(string name, out TensorView tensor)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        tensor = default;
        return _shardOfTensor.TryGetValue(name, out SafetensorsFile? shard) && shard.TryGetTensor(name, out tensor);
    }

    /// <inheritdoc/>
    public RawTensor? FindRaw(string name)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return _shardOfTensor.TryGetValue(name, out SafetensorsFile? shard) ? shard.FindRaw(name) : null;
    }

    public void Dispose()
    {
        _isDisposed = true;
        foreach (SafetensorsFile shard in _shards) shard.Dispose();
    }

    private static ShardedSafetensors Open(
        string location, string[] paths, Func<IReadOnlyList<SafetensorsFile>, Dictionary<string, SafetensorsFile>> placeTensors)
    {
        var shards = new List<SafetensorsFile>(paths.Length);
        try
        {
            foreach (string path in paths) shards.Add(SafetensorsFile.Open(path));
            return new ShardedSafetensors(location, [.. shards], placeTensors(shards));
        }
        catch
        {
            foreach (SafetensorsFile shard in shards) shard.Dispose();
            throw;
        }
    }

    private static string[] FindShards(string directory)
    {
        IEnumerable<string> names = Directory.EnumerateFiles(directory, "model-*.safetensors").Select(path => Path.GetFileName(path));
        return [.. names.Where(name => ShardCount(name) is not null).Order(StringComparer.Ordinal)];
    }

    private static string ShardName(int number, int shardCount) =>
        string.Create(CultureInfo.InvariantCulture, $"model-{number:D5}-of-{shardCount:D5}.safetensors");

    // The N of model-00001-of-0000N.safetensors, or null for another name.
    private static int? ShardCount(string fileName)
    {
        const string Pattern = "model-#####-of-#####.safetensors";
        if (fileName.Length != Pattern.Length) return null;
        for (int i = 0; i < Pattern.Length; i++)
        {
            bool matches = Pattern[i] == '#' ? char.IsAsciiDigit(fileName[i]) : fileName[i] == Pattern[i];
            if (!matches) return null;
        }
        return int.Parse(fileName.AsSpan("model-#####-of-".Length, 5), NumberStyles.None, CultureInfo.InvariantCulture);
    }
}
