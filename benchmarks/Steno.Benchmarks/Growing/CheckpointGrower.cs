using System.Globalization;
using System.Text.Json;
using Steno.Checkpoints;
using Steno.Model;
using Steno.Tensors;
using Steno.Tokenization;

namespace Steno.Benchmarks.Growing;

/// <summary>Turns a small checkpoint into a larger one that computes the same function, up to rounding.</summary>
/// <remarks>
/// Full-size speed, memory and quantisation can be measured, and full-size text checked, on a model that need not be downloaded.
/// Every feature is repeated (<see cref="RepeatedTensor"/>); LayerNorm and RMSNorm do not notice, since mean and variance stay. Attention
/// heads are repeated whole, with the same number of query heads for a KV head, and layers that are added change nothing
/// (<see cref="TensorPlan"/>). The sinusoidal positions alone depend on the width: the small model must hold its encoder's residual
/// stream at a scale where they vanish.
/// </remarks>
internal static class CheckpointGrower
{
    private static readonly string[] TokenizerFiles = ["vocab.json", "merges.txt", "tokenizer_config.json"];

    /// <summary>Writes a grown checkpoint.</summary>
    /// <param name="from">Directory of the small checkpoint.</param>
    /// <param name="to">Directory to write; must be empty or not exist.</param>
    /// <param name="size">Dimensions to grow to.</param>
    /// <param name="tokenizerDirectory">Directory with the tokenizer of the larger model; null to keep the small model's tokens and leave further rows unused.</param>
    /// <param name="seed">Seed of the weights that have no effect.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="BenchmarkException">The checkpoint cannot be grown to that size.</exception>
    /// <exception cref="StenoException">The small checkpoint or a tokenizer is broken.</exception>
    public static void Grow(string from, string to, ModelSize size, string? tokenizerDirectory, ulong seed, CancellationToken cancellationToken)
    {
        IReadOnlyList<TensorRecipe> tensors = Plan(from, size, tokenizerDirectory, seed, out SpecialTokens specialTokens);
        CreateEmptyDirectory(to);
        foreach (string name in TokenizerFiles)
            File.WriteAllBytes(Path.Combine(to, name), File.ReadAllBytes(Path.Combine(tokenizerDirectory ?? from, name)));
        ConfigFiles.Write(from, to, size, specialTokens);
        WriteWeights(to, tensors, size.ShardCount, cancellationToken);
    }

    /// <summary>The tensors that <see cref="Grow"/> writes.</summary>
    public static IReadOnlyList<TensorRecipe> Plan(string from, ModelSize size, string? tokenizerDirectory, ulong seed) =>
        Plan(from, size, tokenizerDirectory, seed, out _);

    private static IReadOnlyList<TensorRecipe> Plan(string from, ModelSize size, string? tokenizerDirectory, ulong seed, out SpecialTokens specialTokens)
    {
        CheckpointDirectory checkpoint = CheckpointDirectory.Open(from);
        RequireSameHeads(checkpoint.Config, size);
        BpeTokenizer tokenizer = LoadTokenizer(from);
        BpeTokenizer grownTokenizer = tokenizerDirectory is null ? tokenizer : LoadTokenizer(tokenizerDirectory);
        specialTokens = grownTokenizer.SpecialTokens;
        int[] sourceRowOfToken = TokenMap.Create(tokenizer, grownTokenizer, size.VocabularySize);
        using IWeightSource source = checkpoint.OpenWeights();
        return TensorPlan.Create(checkpoint.Config, size, source, sourceRowOfToken, seed);
    }

    private static void CreateEmptyDirectory(string path)
    {
        if (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any())
            throw new BenchmarkException($"{path} is not empty; name a directory that does not exist yet.");
        Directory.CreateDirectory(path);
    }

    private static BpeTokenizer LoadTokenizer(string directory)
    {
        string[] paths = [.. TokenizerFiles.Select(name => Path.Combine(directory, name))];
        if (paths.FirstOrDefault(path => !File.Exists(path)) is { } missing) throw new BenchmarkException($"{missing} does not exist.");
        return TokenizerLoader.Load(paths[0], paths[1], paths[2], tokenizerJsonPath: null);
    }

    // A head is never repeated inside, and query head h reads KV head h / (query heads of a KV head) in both models.
    private static void RequireSameHeads(ModelConfig config, ModelSize size)
    {
        int audioHeadWidth = size.AudioWidth / size.AudioHeadCount;
        if (size.AudioWidth % size.AudioHeadCount != 0 || audioHeadWidth != config.Audio.HeadWidth)
            throw new BenchmarkException($"The audio tower's heads are {config.Audio.HeadWidth} wide and cannot grow; {size.AudioWidth} / {size.AudioHeadCount} is another width.");
        int queryHeadsOfKvHead = config.Text.HeadCount / config.Text.KvHeadCount;
        if (size.TextHeadCount != queryHeadsOfKvHead * size.TextKvHeadCount)
            throw new BenchmarkException($"The language model has {queryHeadsOfKvHead} query heads for a KV head, which must stay; {size.TextHeadCount} / {size.TextKvHeadCount} is another number.");
    }

    private static void WriteWeights(string directory, IReadOnlyList<TensorRecipe> tensors, int shardCount, CancellationToken cancellationToken)
    {
        if (shardCount == 1)
        {
            SafetensorsStream.Write(Path.Combine(directory, "model.safetensors"), tensors, cancellationToken);
            return;
        }

        TensorRecipe[][] shards = Shards(tensors, shardCount);
        string[] names = [.. Enumerable.Range(1, shardCount).Select(number => string.Create(CultureInfo.InvariantCulture, $"model-{number:D5}-of-{shardCount:D5}.safetensors"))];
        for (int i = 0; i < shardCount; i++) SafetensorsStream.Write(Path.Combine(directory, names[i]), shards[i], cancellationToken);

        using FileStream index = File.Create(Path.Combine(directory, "model.safetensors.index.json"));
        using var writer = new Utf8JsonWriter(index, new JsonWriterOptions { Indented = true });
        writer.WriteStartObject();
        writer.WriteStartObject("metadata");
        writer.WriteNumber("total_size", SafetensorsStream.DataBytes(tensors));
        writer.WriteEndObject();
        writer.WriteStartObject("weight_map");
        for (int i = 0; i < shardCount; i++)
        {
            foreach (TensorRecipe tensor in shards[i]) writer.WriteString(tensor.Name, names[i]);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    // Consecutive tensors of about the same number of bytes.
    private static TensorRecipe[][] Shards(IReadOnlyList<TensorRecipe> tensors, int shardCount)
    {
        var shards = new List<TensorRecipe>[shardCount];
        for (int i = 0; i < shardCount; i++) shards[i] = [];
        long total = SafetensorsStream.DataBytes(tensors);
        long written = 0;
        foreach (TensorRecipe tensor in tensors)
        {
            shards[Math.Min(shardCount - 1, (int)(written * shardCount / total))].Add(tensor);
            written += tensor.ElementCount * sizeof(ushort);
        }

        return [.. shards.Select(shard => shard.ToArray())];
    }
}
