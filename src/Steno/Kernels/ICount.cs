namespace Steno.Kernels;

/// <summary>A number as a type: a kernel that is generic in it is compiled once for each, without what belongs to rows or registers that there are not.</summary>
internal interface ICount
{
    static abstract int Value { get; }
}
