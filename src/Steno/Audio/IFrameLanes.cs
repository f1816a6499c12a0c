using System.Numerics;

namespace Steno.Audio;

/// <summary>
/// One value of several frames at once: lane i belongs to frame i. Arithmetic over it computes that many transforms in step,
/// with no shuffles and the same rounding in every lane whatever the width.
/// </summary>
internal unsafe interface IFrameLanes<TSelf>
    : IAdditionOperators<TSelf, TSelf, TSelf>, ISubtractionOperators<TSelf, TSelf, TSelf>, IMultiplyOperators<TSelf, TSelf, TSelf>
    where TSelf : struct, IFrameLanes<TSelf>
{
    static abstract int Count { get; }

    /// <summary>The same value in every lane.</summary>
    static abstract TSelf Create(float value);

    static abstract TSelf Load(float* source);

    static abstract void Store(TSelf value, float* destination);

    /// <summary>left * right + addend, rounded once where the CPU has a fused multiply-add.</summary>
    static abstract TSelf MultiplyAdd(TSelf left, TSelf right, TSelf addend);
}
