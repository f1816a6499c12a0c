using System.Text.Json;
using Steno.Benchmarks.Roofs;
using Steno.Benchmarks.Stages;

namespace Steno.Benchmarks.Tests.Stages;

public sealed class StageBenchmarkTests
{
    private static readonly RoofSurvey QuickSurvey = new() { BufferBytes = 1 << 24, RunCount = 1, PeakIterationCount = 100_000 };

    [Fact]
    public void Every_stage_of_a_transcription_is_timed_and_reported()
    {
        var setup = new StageSetup
        {
            Model = Repository.PathOf("models", "tiny-asr"),
            Audio = Repository.PathOf("samples", "audio", "english-1.wav"),
            StepCount = 7,
            ThreadCount = 2,
            RepeatCount = 3,
            WarmupCount = 0,
            Weights = WeightPrecision.Auto,
            Attention = AttentionMode.Windowed,
        };

        StageResult result = StageBenchmark.Run(setup, QuickSurvey);

        Assert.Equal(3, result.Passes.Count);
        Assert.All(result.Passes.Append(result.FirstPass), pass =>
        {
            Assert.Equal(7, pass.Steps.Length);
            Assert.All([pass.Mel, pass.Stem, pass.Encoder, pass.Prefill, .. pass.Steps], seconds => Assert.InRange(seconds, 1e-7, 60));
        });
        Assert.InRange(result.WeightBytes, 4_000_000, 4_400_000);
        string text = new StageReport(result).Text();
        Assert.All(["mel", "stem", "encoder", "prefill", "decode step", "first token", "total", "load", "peak memory"], name => Assert.Contains("| " + name, text, StringComparison.Ordinal));
    }

    [Fact]
    public void Medians_totals_and_shares_are_those_of_the_passes()
    {
        StageResult result = Result(passes: [Pass(0.1), Pass(0.3), Pass(0.2)]);

        using JsonDocument json = Json(result);
        JsonElement root = json.RootElement;
        Assert.Equal(0.2, root.GetProperty("stem").GetProperty("s").GetDouble(), 9);

        // 10 GFLOP at 100 GFLOP/s, 0.1 s, of 0.2 s.
        Assert.Equal("compute", root.GetProperty("stem").GetProperty("limit").GetString());
        Assert.Equal(0.5, root.GetProperty("stem").GetProperty("share").GetDouble(), 9);

        // 1 GB at 20 GB/s, the better of both measurements, 0.05 s, of 0.2 s.
        Assert.Equal("memory", root.GetProperty("step").GetProperty("limit").GetString());
        Assert.Equal(0.25, root.GetProperty("step").GetProperty("share").GetDouble(), 9);

        Assert.Equal(4 * 0.2, root.GetProperty("first_token_s").GetDouble(), 9);
        Assert.Equal(6 * 0.2, root.GetProperty("total_s").GetDouble(), 9);
        Assert.Equal(0.2 + 0.1 + 0.1 + 0.1 + (2 * 0.05), root.GetProperty("total_at_roofs_s").GetDouble(), 9);
        Assert.Equal(6 * 0.2 / 12, root.GetProperty("real_time_factor").GetDouble(), 9);
        Assert.Equal(5 + (4 * 0.4), root.GetProperty("load_to_first_token_s").GetDouble(), 9);
    }

    private static JsonDocument Json(StageResult result)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            new StageReport(result).WriteJson(json);
            json.WriteEndObject();
        }

        return JsonDocument.Parse(stream.ToArray());
    }

    private static PassTimes Pass(double seconds) => new(seconds, seconds, seconds, seconds, [seconds, seconds]);

    private static StageResult Result(IReadOnlyList<PassTimes> passes) => new()
    {
        Setup = new StageSetup
        {
            Model = "model",
            Audio = "audio.wav",
            StepCount = 2,
            ThreadCount = 2,
            RepeatCount = passes.Count,
            WarmupCount = 0,
            Weights = WeightPrecision.Auto,
            Attention = AttentionMode.Windowed,
        },
        KernelPath = "Scalar",
        AudioSeconds = 12,
        PromptRowCount = 20,
        LoadSeconds = 5,
        FirstPass = Pass(0.4),
        Passes = passes,
        Stem = new StageWork(10e9, 1e6),
        Encoder = new StageWork(10e9, 1e6),
        Prefill = new StageWork(10e9, 1e6),
        Step = new StageWork(2e9, 1e9),
        WeightBytes = 1,
        FileBytes = 1,
        PeakMemoryBytes = null,
        RoofsBefore = [new Roof(RoofKind.MemoryRead, "memory read", 2, 20e9, 10e9), new Roof(RoofKind.FloatPeak, "Scalar", 2, 90e9, 90e9)],
        RoofsAfter = [new Roof(RoofKind.MemoryRead, "memory read", 2, 10e9, 10e9), new Roof(RoofKind.FloatPeak, "Scalar", 2, 100e9, 90e9)],
    };
}
