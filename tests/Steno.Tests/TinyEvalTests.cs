using System.Text;
using System.Text.Json;

namespace Steno.Tests;

/// <summary>The built-in model on 100 recordings of voices it never heard: a figure to reproduce, not to improve.</summary>
public sealed class TinyEvalTests
{
    private const double ReferencePercent = 24.8;

    [Theory]
    [InlineData(WeightPrecision.Float32, CachePrecision.Float32, 56)]
    [InlineData(WeightPrecision.Auto, CachePrecision.BFloat16, null)]
    public async Task The_word_error_rate_is_the_reference_s(WeightPrecision weights, CachePrecision cache, int? exactCount)
    {
        Score score = await ScoreAsync(weights, cache);

        Assert.InRange(score.Percent, ReferencePercent - 0.5, ReferencePercent + 0.5);
        if (exactCount is not null) Assert.Equal(exactCount, score.ExactCount);
    }

    [Theory]
    [InlineData(WeightPrecision.Q8, 0.3)]
    [InlineData(WeightPrecision.Q4, 2)]
    public async Task Quantised_weights_hear_as_well_to_some_points(WeightPrecision weights, double points)
    {
        Score plain = await ScoreAsync(WeightPrecision.BFloat16, CachePrecision.BFloat16);
        Score quantised = await ScoreAsync(weights, CachePrecision.BFloat16);

        TestContext.Current.SendDiagnosticMessage($"{weights}: {quantised} beside {plain}");
        Assert.InRange(quantised.Percent - plain.Percent, -points, points);
    }

    private static async Task<Score> ScoreAsync(WeightPrecision weights, CachePrecision cache)
    {
        string directory = Repository.RequireShared("data", "tiny-eval");
        using AsrModel model = AsrModel.Load(AsrModel.BuiltInName, new AsrModelOptions { Weights = weights, KvCache = cache });
        int errors = 0;
        int total = 0;
        int exact = 0;
        foreach (string line in await File.ReadAllLinesAsync(Path.Combine(directory, "manifest.jsonl")))
        {
            using JsonDocument entry = JsonDocument.Parse(line);
            string expected = entry.RootElement.GetProperty("text").GetString()!;
            string language = entry.RootElement.GetProperty("language").GetString()!;
            Transcript transcript = await model.TranscribeAsync(Path.Combine(directory, entry.RootElement.GetProperty("audio").GetString()!));

            string[] reference = Units(expected, language);
            errors += EditDistance(reference, Units(transcript.Text, language));
            total += reference.Length;
            if (transcript.Text == expected) exact++;
        }

        return new Score(100.0 * errors / total, exact);
    }

    // The reference figure counts Chinese by characters, of which it takes only the full stop away, and all else by words.
    private static string[] Units(string text, string language)
    {
        if (language == "Chinese") return [.. text.Replace("。", string.Empty, StringComparison.Ordinal).EnumerateRunes().Select(rune => rune.ToString())];
        var words = new StringBuilder();
        foreach (Rune rune in text.ToLowerInvariant().EnumerateRunes()) words.Append(Rune.IsLetterOrDigit(rune) ? rune.ToString() : " ");
        return words.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries);
    }

    private static int EditDistance(string[] reference, string[] hypothesis)
    {
        int[] row = [.. Enumerable.Range(0, hypothesis.Length + 1)];
        for (int i = 1; i <= reference.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= hypothesis.Length; j++)
            {
                int substitution = diagonal + (reference[i - 1] == hypothesis[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substitution, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }

    private readonly record struct Score(double Percent, int ExactCount);
}
