namespace Steno.Formats.Gguf;

/// <summary>Where a metadata value lies; it is decoded when it is asked for.</summary>
/// <param name="Type">Its type.</param>
/// <param name="ElementType">Type of the elements of an array; that of the value itself for all else.</param>
/// <param name="Offset">Offset in the file of the value's bytes, after any length or count.</param>
/// <param name="Count">Elements of an array, bytes of a string; 1 for all else.</param>
internal readonly record struct GgufValue(GgufValueType Type, GgufValueType ElementType, int Offset, int Count)
{
    /// <summary>Bytes of a value of fixed size; 0 for strings and arrays.</summary>
    public static int SizeOf(GgufValueType type) => type switch
    {
        GgufValueType.UInt8 or GgufValueType.Int8 or GgufValueType.Bool => 1,
        GgufValueType.UInt16 or GgufValueType.Int16 => 2,
        GgufValueType.UInt32 or GgufValueType.Int32 or GgufValueType.Float32 => 4,
        GgufValueType.UInt64 or GgufValueType.Int64 or GgufValueType.Float64 => 8,
        _ => 0,
    };
}
