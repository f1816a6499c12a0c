namespace Steno.Kernels;

/// <summary>Number format of a <see cref="PackedMatrix"/>. The quantised ones share a scale among 32 columns of a row.</summary>
internal enum WeightFormat
{
    F32,
    BF16,

    /// <summary><see cref="Codes8"/>: 8 bits and an F16 scale, 1.0625 bytes a weight.</summary>
    Q8,

    /// <summary><see cref="Codes6"/>: 6 bits and an F16 scale, 0.8125 bytes a weight.</summary>
    Q6,

    /// <summary><see cref="Codes4"/>: 4 bits and an F16 scale, 0.5625 bytes a weight.</summary>
    Q4,

    /// <summary><see cref="Q4KPanel"/>: 4 bits with a scale and a minimum as GGML's Q4_K has them, 0.578 bytes a weight.</summary>
    Q4K,

    /// <summary><see cref="AffinePanel{TCodes}"/> of 4 bits: 0.625 bytes a weight.</summary>
    Affine4,

    /// <summary><see cref="AffinePanel{TCodes}"/> of 6 bits: 0.875 bytes a weight.</summary>
    Affine6,

    /// <summary><see cref="AffinePanel{TCodes}"/> of 8 bits: 1.125 bytes a weight.</summary>
    Affine8,
}
