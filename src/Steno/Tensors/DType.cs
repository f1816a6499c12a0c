namespace Steno.Tensors;

/// <summary>Number format of a stored tensor; <see cref="DTypeInfo"/> describes each.</summary>
internal enum DType
{
    /// <summary>IEEE 754 binary32.</summary>
    F32,

    /// <summary>IEEE 754 binary16.</summary>
    F16,

    /// <summary>The upper half of an F32: 8 exponent and 7 fraction bits.</summary>
    BF16,

    /// <summary>Blocks of 32: 8-bit codes, one scale.</summary>
    Q8_0,

    /// <summary>Blocks of 32: 4-bit codes, one scale.</summary>
    Q4_0,

    /// <summary>Blocks of 32: 4-bit codes, one scale and one minimum.</summary>
    Q4_1,

    /// <summary>Blocks of 32: 5-bit codes, one scale.</summary>
    Q5_0,

    /// <summary>Blocks of 32: 5-bit codes, one scale and one minimum.</summary>
    Q5_1,

    /// <summary>Blocks of 256: 2-bit codes, 4-bit scales and minimums for groups of 16.</summary>
    Q2_K,

    /// <summary>Blocks of 256: 3-bit codes, 6-bit scales for groups of 16.</summary>
    Q3_K,

    /// <summary>Blocks of 256: 4-bit codes, 6-bit scales and minimums for groups of 32.</summary>
    Q4_K,

    /// <summary>Blocks of 256: 5-bit codes, 6-bit scales and minimums for groups of 32.</summary>
    Q5_K,

    /// <summary>Blocks of 256: 6-bit codes, 8-bit scales for groups of 16.</summary>
    Q6_K,

    /// <summary>Blocks of 32: 4-bit codes that select one of sixteen unequal levels, one scale.</summary>
    IQ4_NL,

    /// <summary>Blocks of 256: the codes of IQ4_NL, 6-bit scales for groups of 32.</summary>
    IQ4_XS,
}
