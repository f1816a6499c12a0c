using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Steno.Tensors;

namespace Steno.Kernels;

/// <summary>Four floats, or 32-bit integers, in a 128-bit register.</summary>
internal readonly unsafe struct Lanes128 : ILanes<Vector128<float>>, IIntegerLanes<Vector128<int>, Vector128<float>>
{
    public static int Count => Vector128<float>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Load(float* source) => Vector128.Load(source);

    // A BF16 is the upper half of an F32: widen each lane to 32 bits, then shift it into place.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Load(BFloat16* source) =>
        (Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(ulong*)source).AsUInt16()) << 16).AsSingle();

    // The exponent of an F16 begins at bit 10 and has a bias of 15, that of an F32 at bit 23 with 127: the difference is added once the bits are in place. A
    // subnormal F16, whose exponent field is 0 and stands for 1 without the leading bit, gets the exponent of 1, and what the leading bit adds is taken away.
    // No step meets a subnormal F32, which costs some processors as much as a hundred other instructions.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Load(Half* source)
    {
        const int ExponentBit = 1 << 23;
        Vector128<uint> bits = Vector128.WidenLower(Vector128.CreateScalar(*(ulong*)source).AsUInt16());
        Vector128<uint> magnitude = bits & Vector128.Create(0x7FFFu);
        Vector128<uint> number = (magnitude << 13) + Vector128.Create((127u - 15) * ExponentBit);
        Vector128<float> subnormal = (number + Vector128.Create((uint)ExponentBit)).AsSingle() - Vector128.Create(6.103515625e-5f);
        Vector128<uint> value = Vector128.ConditionalSelect(Vector128.LessThan(magnitude.AsInt32(), Vector128.Create(0x400)).AsUInt32(), subnormal.AsUInt32(), number);
        return (value | ((bits & Vector128.Create(0x8000u)) << 16)).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Load(byte* source) =>
        Vector128.ConvertToSingle(Vector128.WidenLower(Vector128.WidenLower(Vector128.CreateScalar(*(uint*)source).AsByte())).AsInt32());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<float> value, float* destination) => value.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Broadcast(float value) => Vector128.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Add(Vector128<float> a, Vector128<float> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Subtract(Vector128<float> a, Vector128<float> b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Multiply(Vector128<float> a, Vector128<float> b) => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Divide(Vector128<float> a, Vector128<float> b) => a / b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Min(Vector128<float> a, Vector128<float> b) => Vector128.Min(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Max(Vector128<float> a, Vector128<float> b) => Vector128.Max(a, b);

    // On x86 the result is the second operand where one is NaN, elsewhere NaN itself.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> AtMost(Vector128<float> value, Vector128<float> bound) => Vector128.MinNative(bound, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> AtLeast(Vector128<float> value, Vector128<float> bound) => Vector128.MaxNative(bound, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Abs(Vector128<float> value) => Vector128.Abs(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> MultiplyAdd(Vector128<float> a, Vector128<float> b, Vector128<float> c) => Vector128.FusedMultiplyAdd(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Round(Vector128<float> value) => Vector128.Round(value);

    // The exponent field of a float starts at bit 23.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> ScaleByPowerOfTwo(Vector128<float> value, Vector128<float> exponent) =>
        (value.AsInt32() + (Vector128.ConvertToInt32Native(exponent) << 23)).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> SelectNegative(Vector128<float> sign, Vector128<float> ifNegative, Vector128<float> otherwise) =>
        Vector128.ConditionalSelect(Vector128.LessThan(sign, Vector128<float>.Zero), ifNegative, otherwise);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Vector128<float> value) => Vector128.Sum(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float HorizontalMax(Vector128<float> value) =>
        MathF.Max(MathF.Max(value[0], value[1]), MathF.Max(value[2], value[3]));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> BroadcastInteger(int value) => Vector128.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Codes<TFormat>(byte* block, int pair, int member, int output)
        where TFormat : struct, IPanelFormat => TFormat.Codes128(block, pair, member, output / 4).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> EvenBytes(Vector128<int> codes) => codes & Vector128.Create(0x00FF00FF);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> OddBytes(Vector128<int> codes) => (codes.AsUInt16() >>> 8).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> MultiplyAddPairs(Vector128<int> a, Vector128<int> b, Vector128<int> sums)
    {
        Vector128<short> left = a.AsInt16(), right = b.AsInt16();
        if (Sse2.IsSupported) return sums + Sse2.MultiplyAddAdjacent(left, right);

        // Codes are below 256 and activations below 128 in magnitude, so that a product fits into 16 bits; the sum of two does not.
        Vector128<int> products = (left * right).AsInt32();
        return sums + (products >> 16) + ((products << 16) >> 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> ToFloats(Vector128<int> value) => Vector128.ConvertToSingle(value);
}
