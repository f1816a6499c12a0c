using System.Runtime.Intrinsics;

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

    /// <summary>Rounds many values, each as the conversion of one does.</summary>
    /// <param name="source">[count].</param>
    /// <param name="destination">[count].</param>
    /// <param name="count">Number of values.</param>
    public static unsafe void Round(float* source, BFloat16* destination, int count)
    {
        int i = 0;
        for (; i <= count - Vector256<ushort>.Count; i += Vector256<ushort>.Count)
        {
            Vector256<uint> low = Round(Vector256.Load(source + i)), high = Round(Vector256.Load(source + i + Vector256<float>.Count));
            Vector256.Narrow(low, high).Store((ushort*)destination + i);
        }

        for (; i < count; i++) destination[i] = (BFloat16)source[i];
    }

    private static Vector256<uint> Round(Vector256<float> values)
    {
        Vector256<uint> bits = values.AsUInt32();
        Vector256<uint> kept = bits >>> 16;
        Vector256<uint> rounded = (bits + Vector256.Create(0x7FFFu) + (kept & Vector256<uint>.One)) >>> 16;
        return Vector256.ConditionalSelect(Vector256.IsNaN(values).AsUInt32(), kept | Vector256.Create(0x40u), rounded);
    }

    public static implicit operator float(BFloat16 value) => BitConverter.UInt32BitsToSingle((uint)value.Bits << 16);
}
