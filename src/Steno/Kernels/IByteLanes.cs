namespace Steno.Kernels;

/// <summary>The product of bytes that every x86 processor with wide registers has, for one register width.</summary>
/// <typeparam name="TInts">A register of 32-bit integers, one for each output, taken for pairs of 16-bit sums.</typeparam>
internal interface IByteLanes<TInts>
    where TInts : struct
{
    /// <summary>sums plus, in each 16-bit half of a lane, two products of an unsigned with a signed byte. The caller knows that no sum leaves 16 bits.</summary>
    static abstract TInts MultiplyAddBytes(TInts codes, TInts x, TInts sums);
}
