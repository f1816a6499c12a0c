using Steno.Tensors;

namespace Steno.Formats.Safetensors;

/// <summary>The number formats of safetensors files, by the names that their headers use.</summary>
internal static class SafetensorsDType
{
    /// <summary>The formats that Steno computes with, for messages.</summary>
    public const string Readable = "dtype F32, F16 or BF16";

    /// <summary>Size of one element.</summary>
    /// <returns>Bits, or null for a name that is not known.</returns>
    public static int? BitsPerElement(string name) => name switch
    {
        "F4" => 4,
        "F6_E2M3" or "F6_E3M2" => 6,
        "BOOL" or "U8" or "I8" or "F8_E4M3" or "F8_E5M2" or "F8_E8M0" or "F8_E4M3FNUZ" or "F8_E5M2FNUZ" => 8,
        "U16" or "I16" or "F16" or "BF16" => 16,
        "U32" or "I32" or "F32" => 32,
        "U64" or "I64" or "F64" or "C64" => 64,
        _ => null,
    };

    /// <summary>The format that Steno computes with under this name, or null.</summary>
    public static DType? Parse(string name) => name switch
    {
        "F32" => DType.F32,
        "F16" => DType.F16,
        "BF16" => DType.BF16,
        _ => null,
    };
}
