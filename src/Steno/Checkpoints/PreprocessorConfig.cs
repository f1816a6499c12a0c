using System.Text.Json;
using Steno.Formats;

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
    public static void Check(string directory, int melBinCount)
    {
        string path = Path.Combine(directory, "preprocessor_config.json");
        if (File.Exists(path))
        {
            using JsonDocument document = JsonFile.ReadObject(path, MaxBytes);
            Check(ConfigObject.Root(document, path), melBinCount);
        }

        path = Path.Combine(directory, "processor_config.json");
        if (File.Exists(path))
        {
            using JsonDocument document = JsonFile.ReadObject(path, MaxBytes);
            if (ConfigObject.Root(document, path).OptionalObject("feature_extractor") is { } extractor) Check(extractor, melBinCount);
        }
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
