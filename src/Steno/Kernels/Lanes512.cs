using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Steno.Tensors;

namespace Steno.Kernels;

/// <summary>Sixteen floats, or 32-bit integers, in a 512-bit register.</summary>
internal readonly unsafe struct Lanes512 : ILanes<Vector512<float>>, IIntegerLanes<Vector512<int>, Vector512<float>>, IByteLanes<Vector512<int>>
{
    public static int Count => Vector512<float>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(float* source) => Vector512.Load(source);

    // A BF16 is the upper half of an F32: widen each lane to 32 bits, then shift it into place.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(BFloat16* source) =>
        (Vector512.WidenLower(Vector256.Load((ushort*)source).ToVector512Unsafe()) << 16).AsSingle();

    // The exponent of an F16 begins at bit 10 and has a bias of 15, that of an F32 at bit 23 with 127: the difference is added once the bits are in place. A
    // subnormal F16, whose exponent field is 0 and stands for 1 without the leading bit, gets the exponent of 1, and what the leading bit adds is taken away.
    // No step meets a subnormal F32, which costs some processors as much as a hundred other instructions.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(Half* source)
    {
        const int ExponentBit = 1 << 23;
        Vector512<uint> bits = Vector512.WidenLower(Vector256.Load((ushort*)source).ToVector512Unsafe());
        Vector512<uint> magnitude = bits & Vector512.Create(0x7FFFu);
        Vector512<uint> number = (magnitude << 13) + Vector512.Create((127u - 15) * ExponentBit);
        Vector512<float> subnormal = (number + Vector512.Create((uint)ExponentBit)).AsSingle() - Vector512.Create(6.103515625e-5f);
        Vector512<uint> value = Vector512.ConditionalSelect(Vector512.LessThan(magnitude.AsInt32(), Vector512.Create(0x400)).AsUInt32(), subnormal.AsUInt32(), number);
        return (value | ((bits & Vector512.Create(0x8000u)) << 16)).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(byte* source) =>
        Vector512.ConvertToSingle(Vector512.WidenLower(Vector256.WidenLower(Vector128.Load(source).ToVector256Unsafe()).ToVector512Unsafe()).AsInt32());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<float> value, float* destination) => value.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Broadcast(float value) => Vector512.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Add(Vector512<float> a, Vector512<float> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Subtract(Vector512<float> a, Vector512<float> b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Multiply(Vector512<float> a, Vector512<float> b) => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Divide(Vector512<float> a, Vector512<float> b) => a / b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Min(Vector512<float> a, Vector512<float> b) => Vector512.Min(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Max(Vector512<float> a, Vector512<float> b) => Vector512.Max(a, b);

    // On x86 the result is the second operand where one is NaN, elsewhere NaN itself.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> AtMost(Vector512<float> value, Vector512<float> bound) => Vector512.MinNative(bound, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> AtLeast(Vector512<float> value, Vector512<float> bound) => Vector512.MaxNative(bound, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Abs(Vector512<float> value) => Vector512.Abs(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> MultiplyAdd(Vector512<float> a, Vector512<float> b, Vector512<float> c) => Vector512.FusedMultiplyAdd(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Round(Vector512<float> value) => Vector512.Round(value);

    // The exponent field of a float starts at bit 23.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> ScaleByPowerOfTwo(Vector512<float> value, Vector512<float> exponent) =>
        (value.AsInt32() + (Vector512.ConvertToInt32Native(exponent) << 23)).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> SelectNegative(Vector512<float> sign, Vector512<float> ifNegative, Vector512<float> otherwise) =>
        Vector512.ConditionalSelect(Vector512.LessThan(sign, Vector512<float>.Zero), ifNegative, otherwise);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Vector512<float> value) => Vector512.Sum(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float HorizontalMax(Vector512<float> value) =>
        Lanes256.HorizontalMax(Vector256.Max(value.GetLower(), value.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> BroadcastInteger(int value) => Vector512.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Codes<TFormat>(byte* block, int pair, int member, int output)
        where TFormat : struct, IPanelFormat => TFormat.Codes512(block, pair, member).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> EvenBytes(Vector512<int> codes) => codes & Vector512.Create(0x00FF00FF);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> OddBytes(Vector512<int> codes) => (codes.AsUInt16() >>> 8).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> MultiplyAddPairs(Vector512<int> a, Vector512<int> b, Vector512<int> sums) => sums + Avx512BW.MultiplyAddAdjacent(a.AsInt16(), b.AsInt16());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> MultiplyAddBytes(Vector512<int> codes, Vector512<int> x, Vector512<int> sums) =>
        (sums.AsInt16() + Avx512BW.MultiplyAddAdjacent(codes.AsByte(), x.AsSByte())).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> ToFloats(Vector512<int> value) => Vector512.ConvertToSingle(value);
}
