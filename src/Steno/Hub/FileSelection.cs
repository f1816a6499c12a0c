namespace Steno.Hub;

/// <summary>Chooses the files to fetch out of those that a repository holds.</summary>
internal static class FileSelection
{
    private const int MaxFileCount = 1000;
    private const int ShownFileCount = 8;

    private static readonly string[] CheckpointFiles =
    [
        "config.json", "generation_config.json", "preprocessor_config.json", "processor_config.json",
        "tokenizer.json", "tokenizer_config.json", "vocab.json", "merges.txt", "added_tokens.json", "special_tokens_map.json",
        "chat_template.json", "chat_template.jinja", "model.safetensors.index.json", "hf_quant_config.json", "quantization_config.json",
    ];

    /// <summary>The files that were asked for, else those of a checkpoint that Steno reads; and those that were fetched before.</summary>
    /// <param name="repository">For messages.</param>
    /// <param name="listed">What the repository holds.</param>
    /// <param name="asked">Paths that must be there; null for a checkpoint.</param>
    /// <param name="earlier">Paths of an earlier pull, where the repository still has them.</param>
    /// <exception cref="HubException">The repository does not have them.</exception>
    public static IReadOnlyList<HubFile> Choose(string repository, IReadOnlyList<HubFile> listed, IReadOnlyList<string>? asked, IEnumerable<string> earlier)
    {
        var byPath = new Dictionary<string, HubFile>(StringComparer.Ordinal);
        foreach (HubFile file in listed)
        {
            if (!byPath.TryAdd(file.Path, file)) throw new HubException($"{repository}: '{file.Path}' is listed twice");
        }

        List<HubFile> chosen = asked is null ? CheckpointOf(repository, byPath) : Asked(repository, byPath, asked);
        foreach (string path in earlier)
        {
            if (byPath.TryGetValue(path, out HubFile? file) && !chosen.Contains(file)) chosen.Add(file);
        }

        if (chosen.Count > MaxFileCount) throw new HubException($"{repository}: {chosen.Count} files to fetch, more than {MaxFileCount}");
        foreach (HubFile file in chosen)
        {
            if (!HubPath.IsSafe(file.Path)) throw new HubException($"{repository}: '{file.Path}' cannot be the name of a file on every system");
        }

        if (chosen.DistinctBy(file => file.Path, StringComparer.OrdinalIgnoreCase).Count() != chosen.Count)
            throw new HubException($"{repository}: names of files differ in nothing but case");
        return chosen;
    }

    private static List<HubFile> CheckpointOf(string repository, Dictionary<string, HubFile> byPath)
    {
        List<HubFile> weights = byPath.TryGetValue("model.safetensors", out HubFile? single) || byPath.TryGetValue("weights.safetensors", out single)
            ? [single]
            : [.. byPath.Values.Where(file => IsShard(file.Path))];
        if (weights.Count == 0)
            throw new HubException($"{repository}: there are no safetensors weights. Name the files to fetch (steno pull --file NAME): {Some(byPath.Keys)}");
        return [.. CheckpointFiles.Where(byPath.ContainsKey).Select(path => byPath[path]), .. weights];
    }

    private static List<HubFile> Asked(string repository, Dictionary<string, HubFile> byPath, IReadOnlyList<string> asked) =>
        [.. asked.Distinct(StringComparer.Ordinal).Select(path => byPath.TryGetValue(path, out HubFile? file)
            ? file
            : throw new HubException($"{repository}: there is no file '{path}'. There are: {Some(byPath.Keys)}"))];

    /// <summary>model-00001-of-00002.safetensors and so on.</summary>
    private static bool IsShard(string path)
    {
        string[] parts = path.Split('-');
        return parts is ["model", var number, "of", var last]
            && number.Length > 0 && number.All(char.IsAsciiDigit)
            && last.EndsWith(".safetensors", StringComparison.Ordinal)
            && last[..last.IndexOf('.', StringComparison.Ordinal)].All(char.IsAsciiDigit)
            && last.Count(character => character == '.') == 1;
    }

    private static string Some(IReadOnlyCollection<string> paths)
    {
        List<string> shown = [.. paths.Where(HubPath.IsSafe).OrderByDescending(IsModel).ThenBy(path => path, StringComparer.Ordinal).Take(ShownFileCount)];
        if (shown.Count == 0) return "none";
        return string.Join(", ", shown) + (paths.Count > shown.Count ? $" and {paths.Count - shown.Count} more" : "");
    }

    private static bool IsModel(string path) => path.EndsWith(".gguf", StringComparison.Ordinal) || path.EndsWith(".onnx", StringComparison.Ordinal);
}
