using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Steno.Tensors;

namespace Steno.Kernels;

/// <summary>Eight floats, or 32-bit integers, in a 256-bit register.</summary>
internal readonly unsafe struct Lanes256 : ILanes<Vector256<float>>, IIntegerLanes<Vector256<int>, Vector256<float>>, IByteLanes<Vector256<int>>
{
    public static int Count => Vector256<float>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load(float* source) => Vector256.Load(source);

    // A BF16 is the upper half of an F32: widen each lane to 32 bits, then shift it into place.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load(BFloat16* source) =>
        (Vector256.WidenLower(Vector128.Load((ushort*)source).ToVector256Unsafe()) << 16).AsSingle();

    // The exponent of an F16 begins at bit 10 and has a bias of 15, that of an F32 at bit 23 with 127: the difference is added once the bits are in place. A
    // subnormal F16, whose exponent field is 0 and stands for 1 without the leading bit, gets the exponent of 1, and what the leading bit adds is taken away.
    // No step meets a subnormal F32, which costs some processors as much as a hundred other instructions.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load(Half* source)
    {
        const int ExponentBit = 1 << 23;
        Vector256<uint> bits = Vector256.WidenLower(Vector128.Load((ushort*)source).ToVector256Unsafe());
        Vector256<uint> magnitude = bits & Vector256.Create(0x7FFFu);
        Vector256<uint> number = (magnitude << 13) + Vector256.Create((127u - 15) * ExponentBit);
        Vector256<float> subnormal = (number + Vector256.Create((uint)ExponentBit)).AsSingle() - Vector256.Create(6.103515625e-5f);
        Vector256<uint> value = Vector256.ConditionalSelect(Vector256.LessThan(magnitude.AsInt32(), Vector256.Create(0x400)).AsUInt32(), subnormal.AsUInt32(), number);
        return (value | ((bits & Vector256.Create(0x8000u)) << 16)).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load(byte* source) =>
        Vector256.ConvertToSingle(Vector256.WidenLower(Vector128.WidenLower(Vector128.CreateScalar(*(ulong*)source).AsByte()).ToVector256Unsafe()).AsInt32());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<float> value, float* destination) => value.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Broadcast(float value) => Vector256.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Add(Vector256<float> a, Vector256<float> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Subtract(Vector256<float> a, Vector256<float> b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Multiply(Vector256<float> a, Vector256<float> b) => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Divide(Vector256<float> a, Vector256<float> b) => a / b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Min(Vector256<float> a, Vector256<float> b) => Vector256.Min(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Max(Vector256<float> a, Vector256<float> b) => Vector256.Max(a, b);

    // On x86 the result is the second operand where one is NaN, elsewhere NaN itself.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> AtMost(Vector256<float> value, Vector256<float> bound) => Vector256.MinNative(bound, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> AtLeast(Vector256<float> value, Vector256<float> bound) => Vector256.MaxNative(bound, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Abs(Vector256<float> value) => Vector256.Abs(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> MultiplyAdd(Vector256<float> a, Vector256<float> b, Vector256<float> c) => Vector256.FusedMultiplyAdd(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Round(Vector256<float> value) => Vector256.Round(value);

    // The exponent field of a float starts at bit 23.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> ScaleByPowerOfTwo(Vector256<float> value, Vector256<float> exponent) =>
        (value.AsInt32() + (Vector256.ConvertToInt32Native(exponent) << 23)).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> SelectNegative(Vector256<float> sign, Vector256<float> ifNegative, Vector256<float> otherwise) =>
        Vector256.ConditionalSelect(Vector256.LessThan(sign, Vector256<float>.Zero), ifNegative, otherwise);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Vector256<float> value) => Vector256.Sum(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float HorizontalMax(Vector256<float> value) =>
        Lanes128.HorizontalMax(Vector128.Max(value.GetLower(), value.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> BroadcastInteger(int value) => Vector256.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Codes<TFormat>(byte* block, int pair, int member, int output)
        where TFormat : struct, IPanelFormat => TFormat.Codes256(block, pair, member, output / 8).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> EvenBytes(Vector256<int> codes) => codes & Vector256.Create(0x00FF00FF);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> OddBytes(Vector256<int> codes) => (codes.AsUInt16() >>> 8).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> MultiplyAddPairs(Vector256<int> a, Vector256<int> b, Vector256<int> sums) => sums + Avx2.MultiplyAddAdjacent(a.AsInt16(), b.AsInt16());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> MultiplyAddBytes(Vector256<int> codes, Vector256<int> x, Vector256<int> sums) =>
        (sums.AsInt16() + Avx2.MultiplyAddAdjacent(codes.AsByte(), x.AsSByte())).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> ToFloats(Vector256<int> value) => Vector256.ConvertToSingle(value);
}
