using System.Buffers.Binary;
using System.Runtime.Intrinsics;

namespace Steno.Quantization;

/// <summary>A number in 4 bits: sign, 2 exponent bits of bias 1, 1 fraction bit (OCP microscaling, FP4).</summary>
internal static class E2M1
{
    /// <summary>The value of every code.</summary>
    public static ReadOnlySpan<float> Values => [0, 0.5f, 1, 1.5f, 2, 3, 4, 6, -0f, -0.5f, -1, -1.5f, -2, -3, -4, -6];

    /// <summary>Twice the value of every code: whole numbers.</summary>
    public static ReadOnlySpan<sbyte> Halves => [0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12];

    /// <summary>Makes numbers of codes: <c>value * scale</c>, rounded once.</summary>
    /// <param name="codes">One in each byte, below 16.</param>
    /// <param name="scale">What all are multiplied by.</param>
    /// <param name="values">As long as <paramref name="codes"/>.</param>
    public static void Expand(ReadOnlySpan<byte> codes, float scale, Span<float> values)
    {
        values = values[..codes.Length];
        int i = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            // The three lower bits choose one of eight products, the fourth turns its sign.
            Vector256<float> magnitudes = Vector256.Create(Values) * scale;
            for (; i <= codes.Length - Vector256<float>.Count; i += Vector256<float>.Count)
            {
                Vector128<ushort> words = Vector128.WidenLower(Vector128.CreateScalarUnsafe(BinaryPrimitives.ReadUInt64LittleEndian(codes[i..])).AsByte());
                Vector256<int> code = Vector256.WidenLower(words.ToVector256()).AsInt32();
                Vector256<float> magnitude = Vector256.Shuffle(magnitudes, code & Vector256.Create(7));
                (magnitude.AsInt32() ^ ((code & Vector256.Create(8)) << 28)).AsSingle().CopyTo(values[i..]);
            }
        }

        for (; i < codes.Length; i++) values[i] = Values[codes[i]] * scale;
    }
}
