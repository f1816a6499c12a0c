namespace Steno.Kernels;

/// <summary>Integer operations for codes of a quantised panel, for one register width, where there is no dot instruction for bytes.</summary>
/// <typeparam name="TInts">A register of 32-bit integers, one for each output; or of twice as many 16-bit ones.</typeparam>
/// <typeparam name="TVector">A register of as many floats.</typeparam>
internal unsafe interface IWordLanes<TInts, TVector>
    where TInts : struct
    where TVector : struct
{
    static abstract TInts Broadcast(int value);

    /// <summary>Codes of neighbouring outputs in one group of 4 columns.</summary>
    static abstract TInts Codes<TFormat>(byte* block, int group, int output)
        where TFormat : struct, IPanelFormat;

    /// <summary>Columns 0 and 2 of each output as 16-bit numbers.</summary>
    static abstract TInts EvenColumns(TInts codes);

    /// <summary>Columns 1 and 3 of each output as 16-bit numbers.</summary>
    static abstract TInts OddColumns(TInts codes);

    /// <summary>sums plus, in each lane, the two products of its 16-bit halves.</summary>
    static abstract TInts MultiplyAdd(TInts a, TInts b, TInts sums);

    static abstract TVector ToFloats(TInts value);
}
