using System.Text.Json;
using Steno.Benchmarks.Steps;

namespace Steno.Benchmarks.Tests.Steps;

public sealed class StepBenchmarkTests
{
    [Fact]
    public void Steps_of_several_sequences_are_timed_in_every_round()
    {
        StepSetup setup = Setup(roundCount: 4, 1, 3, 8) with { PositionCount = 70 };

        StepResult result = StepBenchmark.Run(setup);

        Assert.Equal(3, result.Seconds.Count);
        Assert.All(result.Seconds, rounds => Assert.Equal(4, rounds.Length));
        Assert.All(result.Seconds.SelectMany(rounds => rounds), seconds => Assert.InRange(seconds, 1e-7, 60));
        Assert.Equal(1, result.Ratio(0));
        Assert.Contains("| 8 ", new StepReport(result).Text(), StringComparison.Ordinal);
    }

    // Two rounds, the second at half the speed: what is compared is one round's times.
    [Fact]
    public void Ratios_are_those_of_each_round()
    {
        var result = new StepResult { Setup = Setup(roundCount: 3, 1, 4), Kernels = "Scalar", Seconds = [[0.1, 0.2, 0.4], [0.2, 0.5, 0.4]] };

        Assert.Equal(0.2, result.Median(0), 9);
        Assert.Equal(0.1, result.Best(0), 9);
        Assert.Equal(2, result.Ratio(1), 9);
        Assert.Equal(2, result.Speedup(1), 9);
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            new StepReport(result).WriteJson(json);
            json.WriteEndObject();
        }

        using JsonDocument document = JsonDocument.Parse(stream.ToArray());
        Assert.Equal(0.4, document.RootElement.GetProperty("steps")[1].GetProperty("s").GetDouble(), 9);
    }

    [Fact]
    public void More_positions_than_the_model_has_are_refused() =>
        Assert.Contains("positions", Assert.Throws<BenchmarkException>(() => StepBenchmark.Run(Setup(roundCount: 1, 1) with { PositionCount = 10_000_000 })).Message, StringComparison.Ordinal);

    private static StepSetup Setup(int roundCount, params int[] sequenceCounts) => new()
    {
        Model = Repository.PathOf("models", "tiny-asr"),
        Weights = WeightPrecision.Q8,
        ThreadCount = 2,
        PositionCount = 20,
        SequenceCounts = sequenceCounts,
        RoundCount = roundCount,
    };
}
