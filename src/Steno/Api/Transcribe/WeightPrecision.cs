namespace Steno;

/// <summary>Number format in which weights are held in memory.</summary>
public enum WeightPrecision
{
    /// <summary>
    /// The best trade: <see cref="Q8"/> for a checkpoint of 100 million weights or more that stores BF16, F16 or F32, since it gives the same text in half
    /// the memory and about half the time; <see cref="Stored"/> for a smaller one, which is fast anyway, and for one that is quantised
    /// already. The default.
    /// </summary>
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

    /// <summary>
    /// What the checkpoint stores, exactly, where that is BF16, F32, Q8_0, Q4_0 or Q4_K. F16 is widened to F32; other quantised tensors are
    /// held in 8 bits, which are finer than what they store.
    /// </summary>
    Stored,
}
