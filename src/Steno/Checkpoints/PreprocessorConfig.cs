using System.Text.Json;

namespace Steno.Checkpoints;

/// <summary>
/// Checks that a checkpoint wants the mel front end that Steno has. Lengths such as chunk_length and n_samples are left-overs
/// of Whisper with no meaning here, and are ignored.
/// </summary>
internal static class PreprocessorConfig
{
    private const int MaxBytes = 1 << 20;

    /// <summary>Checks preprocessor_config.json and processor_config.json, where they exist.</summary>
    /// <exception cref="ModelFormatException">A file is broken.</exception>
    /// <exception cref="UnsupportedModelException">A file asks for another front end.</exception>
    public static void Check(CheckpointFiles files, int melBinCount)
    {
        const string Name = "preprocessor_config.json";
        using JsonDocument? own = files.FindJson(Name, MaxBytes);
        if (own is not null) Check(ConfigObject.Root(own, files.PathOf(Name)), melBinCount);

        const string SharedName = "processor_config.json";
        using JsonDocument? shared = files.FindJson(SharedName, MaxBytes);
        if (shared is not null && ConfigObject.Root(shared, files.PathOf(SharedName)).OptionalObject("feature_extractor") is { } extractor) Check(extractor, melBinCount);
    }

    private static void Check(ConfigObject extractor, int melBinCount)
    {
        Require(extractor, "sampling_rate", 16000);
        Require(extractor, "n_fft", 400);
        Require(extractor, "hop_length", 160);
        Require(extractor, "feature_size", melBinCount);
    }

    private static void Require(ConfigObject extractor, string key, int expected)
    {
        if (extractor.OptionalInteger(key, 0, int.MaxValue) is not { } value || value == expected) return;
        string found = $"{extractor.FullName(key)} is {value}";
        throw new UnsupportedModelException(
            $"{extractor.File}: the checkpoint wants another audio front end: {found}, supported is {expected}.");
    }
}
