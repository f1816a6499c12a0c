namespace Steno.Tensors;

/// <summary>The upper 16 bits of an F32: its sign, its 8 exponent bits and 7 fraction bits.</summary>
internal readonly struct BFloat16(ushort bits)
{
    public ushort Bits { get; } = bits;

    /// <summary>Rounds to nearest, ties to even; NaN stays NaN.</summary>
    public static explicit operator BFloat16(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        if (float.IsNaN(value)) return new BFloat16((ushort)((bits >> 16) | 0x40));

        // Adding just under half of the dropped part, plus one when the kept part is odd, carries into it exactly when it must round up.
        uint rounded = bits + 0x7FFF + ((bits >> 16) & 1);
        return new BFloat16((ushort)(rounded >> 16));
    }

    public static implicit operator float(BFloat16 value) => BitConverter.UInt32BitsToSingle((uint)value.Bits << 16);
}
