using System.Text.Json;

namespace Steno.Checkpoints;

/// <summary>Reads generation_config.json, of which only the stop tokens count: Steno always decodes greedily.</summary>
internal static class GenerationConfigReader
{
    /// <summary>Name of the file.</summary>
    public const string FileName = "generation_config.json";

    private const int MaxBytes = 1 << 20;
    private const int MaxStopTokenCount = 64;

    /// <summary>The ids that end a transcript (eos_token_id), in the file's order.</summary>
    /// <param name="files">The checkpoint.</param>
    /// <param name="vocabularySize">Ids must be below this.</param>
    /// <returns>Null when there is no such file, or it names none.</returns>
    /// <exception cref="ModelFormatException">The file is broken, or an id is not in the vocabulary.</exception>
    public static IReadOnlyList<int>? ReadStopTokenIds(CheckpointFiles files, int vocabularySize)
    {
        using JsonDocument? document = files.FindJson(FileName, MaxBytes);
        return document is null ? null : ConfigObject.Root(document, files.PathOf(FileName)).OptionalIntegers("eos_token_id", 0, vocabularySize - 1, MaxStopTokenCount);
    }
}
