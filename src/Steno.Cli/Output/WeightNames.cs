namespace Steno.Cli.Output;

/// <summary>The words of --weights.</summary>
internal static class WeightNames
{
    public const string Auto = "auto";
    public const string Q4 = "q4";
    public const string Q8 = "q8";
    public const string Stored = "stored";
    public const string BFloat16 = "bf16";
    public const string Float32 = "f32";

    public static string Of(WeightPrecision weights) => weights switch
    {
        WeightPrecision.BFloat16 => BFloat16,
        WeightPrecision.Float32 => Float32,
        WeightPrecision.Q8 => Q8,
        WeightPrecision.Q4 => Q4,
        WeightPrecision.Stored => Stored,
        _ => Auto,
    };
}
