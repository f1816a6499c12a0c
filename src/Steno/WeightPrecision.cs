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

    /// <summary>
    /// 1.06 bytes a weight: 8-bit codes with one scale for 32 of them, and integer arithmetic. About twice as fast as <see cref="BFloat16"/>, at
    /// practically always the same text.
    /// </summary>
    Q8,

    /// <summary>
    /// 0.56 bytes a weight of the language model's layers, 0.81 of its output head (6-bit codes) and 1.06 of the audio tower (8-bit codes). The
    /// smallest and the fastest; some words come out differently.
    /// </summary>
    Q4,
}
