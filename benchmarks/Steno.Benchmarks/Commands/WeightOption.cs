using System.CommandLine;

namespace Steno.Benchmarks.Commands;

/// <summary><c>--weights</c>: how weights are held in memory.</summary>
internal sealed class WeightOption : Option<string>
{
    public WeightOption(string defaultName)
        : base("--weights")
    {
        HelpName = "auto|q4|q8|bf16|f32|stored";
        DefaultValueFactory = _ => defaultName;
        Description = "How weights are held in memory";
        this.AcceptOnlyFromAmong("auto", "stored", "q4", "q8", "bf16", "f32");
    }

    public static WeightPrecision Parse(string? name) => name switch
    {
        "bf16" => WeightPrecision.BFloat16,
        "f32" => WeightPrecision.Float32,
        "stored" => WeightPrecision.Stored,
        "q8" => WeightPrecision.Q8,
        "q4" => WeightPrecision.Q4,
        _ => WeightPrecision.Auto,
    };
}
