namespace Steno.Benchmarks.Roofs;

/// <summary>What a <see cref="Roof"/> limits.</summary>
public enum RoofKind
{
    /// <summary>Bytes read from memory.</summary>
    MemoryRead,

    /// <summary>Float operations; a fused multiply-add counts as two.</summary>
    FloatPeak,

    /// <summary>Operations of u8 * s8 dot products summed in 32 bits; a multiplication and its addition count as two.</summary>
    IntegerDotPeak,
}
