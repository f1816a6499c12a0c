namespace Steno;

/// <summary>Number format in which weights are held in memory.</summary>
public enum WeightPrecision
{
    /// <summary>What the checkpoint stores, where that is BF16 or F32; F16 is widened to F32. The default.</summary>
    Auto,

    /// <summary>Two bytes a weight: exact for a BF16 checkpoint, rounded to nearest for any other.</summary>
    BFloat16,

    /// <summary>Four bytes a weight: always exact, twice the memory.</summary>
    Float32,
}
