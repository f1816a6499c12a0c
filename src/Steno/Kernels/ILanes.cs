using Steno.Tensors;

namespace Steno.Kernels;

/// <summary>The vector operations that the kernels are written in, for one register width.</summary>
/// <typeparam name="TVector">A register of <see cref="Count"/> floats.</typeparam>
/// <remarks>
/// A kernel is written once, generic in an implementation of this interface. All implementations are empty structs, so the JIT compiles a
/// separate body for each and every call becomes one instruction.
/// </remarks>
internal unsafe interface ILanes<TVector>
    where TVector : struct
{
    static abstract int Count { get; }

    static abstract TVector Load(float* source);

    /// <summary>Widens <see cref="Count"/> BF16 values.</summary>
    static abstract TVector Load(BFloat16* source);

    /// <summary>Widens <see cref="Count"/> F16 values.</summary>
    static abstract TVector Load(Half* source);

    /// <summary>Converts <see cref="Count"/> bytes, 0 to 255.</summary>
    static abstract TVector Load(byte* source);

    static abstract void Store(TVector value, float* destination);

    static abstract TVector Broadcast(float value);

    static abstract TVector Add(TVector a, TVector b);

    static abstract TVector Subtract(TVector a, TVector b);

    static abstract TVector Multiply(TVector a, TVector b);

    static abstract TVector Divide(TVector a, TVector b);

    static abstract TVector Min(TVector a, TVector b);

    static abstract TVector Max(TVector a, TVector b);

    /// <summary>The smaller of a value and a bound that is a number; NaN stays NaN. Cheaper than <see cref="Min"/>, which looks for NaN on both sides.</summary>
    static abstract TVector AtMost(TVector value, TVector bound);

    /// <summary>The larger of a value and a bound that is a number; NaN stays NaN.</summary>
    static abstract TVector AtLeast(TVector value, TVector bound);

    static abstract TVector Abs(TVector value);

    /// <summary>a * b + c, rounded once.</summary>
    static abstract TVector MultiplyAdd(TVector a, TVector b, TVector c);

    /// <summary>To the nearest whole number.</summary>
    static abstract TVector Round(TVector value);

    /// <summary>value * 2^exponent, for whole exponents that leave the result a normal number.</summary>
    static abstract TVector ScaleByPowerOfTwo(TVector value, TVector exponent);

    /// <summary>In each lane <paramref name="ifNegative"/> where <paramref name="sign"/> is below zero, else <paramref name="otherwise"/>.</summary>
    static abstract TVector SelectNegative(TVector sign, TVector ifNegative, TVector otherwise);

    static abstract float Sum(TVector value);

    static abstract float HorizontalMax(TVector value);
}
