namespace Steno.Kernels;

/// <summary>The integer operations that products of codes need where there is no dot instruction for bytes, for one register width.</summary>
/// <typeparam name="TInts">A register of 32-bit integers, one for each output.</typeparam>
/// <typeparam name="TVector">A register of as many floats.</typeparam>
internal unsafe interface IIntegerLanes<TInts, TVector>
    where TInts : struct
    where TVector : struct
{
    static abstract TInts BroadcastInteger(int value);

    /// <summary>Codes of neighbouring outputs in one quad of columns: those of an output are the 4 bytes of its lane.</summary>
    static abstract TInts Codes<TFormat>(byte* block, int pair, int member, int output)
        where TFormat : struct, IPanelFormat;

    /// <summary>Bytes 0 and 2 of each lane as 16-bit numbers.</summary>
    static abstract TInts EvenBytes(TInts codes);

    /// <summary>Bytes 1 and 3 of each lane as 16-bit numbers.</summary>
    static abstract TInts OddBytes(TInts codes);

    /// <summary>sums plus, in each lane, the two products of its 16-bit halves.</summary>
    static abstract TInts MultiplyAddPairs(TInts a, TInts b, TInts sums);

    static abstract TVector ToFloats(TInts value);
}
