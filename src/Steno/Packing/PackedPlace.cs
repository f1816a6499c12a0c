using Steno.Checkpoints;

namespace Steno.Packing;

/// <summary>Which packed file goes with a checkpoint, and which files that is made of.</summary>
internal static class PackedPlace
{
    private static readonly string[] TokenizerFiles = ["merges.txt", "tokenizer.json", "tokenizer_config.json", "vocab.json"];

    /// <summary>Path of the packed file beside a checkpoint.</summary>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <param name="precision">Number format that was asked for.</param>
    public static string PathOf(Checkpoint checkpoint, WeightPrecision precision)
    {
        string name = precision switch
        {
            WeightPrecision.Q8 => "q8",
            WeightPrecision.Q4 => "q4",
            WeightPrecision.BFloat16 => "bf16",
            WeightPrecision.Float32 => "f32",
            WeightPrecision.Stored => "stored",
            _ => "auto",
        };
        return checkpoint is CheckpointDirectory
            ? Path.Combine(checkpoint.Location, $"model.{name}{PackedLayout.Suffix}")
            : $"{checkpoint.Location}.{name}{PackedLayout.Suffix}";
    }

    /// <summary>Full paths of the files that a packed file is made of.</summary>
    public static IEnumerable<string> SourcesOf(Checkpoint checkpoint) =>
        checkpoint is CheckpointDirectory ? [.. checkpoint.Files, .. TokenizerFiles.Select(name => Path.Combine(checkpoint.Location, name)).Where(File.Exists)] : checkpoint.Files;
}
