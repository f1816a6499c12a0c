namespace Steno.Tensors;

/// <summary>Number format of a stored tensor.</summary>
internal enum DType
{
    /// <summary>IEEE 754 binary32.</summary>
    F32,

    /// <summary>IEEE 754 binary16.</summary>
    F16,

    /// <summary>The upper half of an F32: 8 exponent and 7 fraction bits.</summary>
    BF16,
}
