using System.Text;
using System.Text.Json;

namespace Steno.Tests;

/// <summary>The built-in model on 240 single sentences, 8 of each of 30 voices: figures to reproduce, not to improve.</summary>
public sealed class TinyLongTests
{
    // The reference heard 0.4 s of silence after each sentence.
    private const int SilenceSampleCount = 6400;

    [Fact]
    public async Task The_word_error_rates_of_single_sentences_in_f32_are_the_reference_s()
    {
        string directory = Repository.RequireShared("data", "tiny-long");
        using AsrModel model = AsrModel.Load(AsrModel.BuiltInName, new AsrModelOptions { Weights = WeightPrecision.Float32, KvCache = CachePrecision.Float32 });
        var known = new WordErrors(Words);
        var unseen = new WordErrors(Words);
        int count = 0;
        foreach (string line in await File.ReadAllLinesAsync(Path.Combine(directory, "manifest.jsonl")))
        {
            using JsonDocument entry = JsonDocument.Parse(line);
            if (entry.RootElement.TryGetProperty("sentences", out _)) continue;
            float[] samples = [.. Samples.Read(Path.Combine(directory, entry.RootElement.GetProperty("audio").GetString()!)), .. new float[SilenceSampleCount]];
            string actual = (await model.TranscribeAsync(samples)).Text;

            WordErrors errors = entry.RootElement.GetProperty("known_voice").GetBoolean() ? known : unseen;
            errors.Add(entry.RootElement.GetProperty("language").GetString()!, entry.RootElement.GetProperty("text").GetString()!, actual);
            count++;
        }

        TestContext.Current.SendDiagnosticMessage("{0}", $"tiny-long: known voices {known}; unseen voices {unseen}");
        Assert.Equal(240, count);
        Assert.Equal(1.4, known.Percent, 0.05);
        Assert.Equal(16.8, unseen.Percent, 0.05);
    }

    // Marks count nowhere. A Chinese character is a word, so that a wrong answer in Latin letters counts by its words.
    private static string[] Words(string text, string language)
    {
        var words = new StringBuilder();
        foreach (Rune rune in text.ToLowerInvariant().EnumerateRunes())
            words.Append(!Rune.IsLetterOrDigit(rune) ? " " : rune.Value is >= 0x4E00 and <= 0x9FFF ? $" {rune} " : rune.ToString());
        return words.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries);
    }
}
