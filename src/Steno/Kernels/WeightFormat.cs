namespace Steno.Kernels;

/// <summary>Number format of a <see cref="PackedMatrix"/>.</summary>
internal enum WeightFormat
{
    F32,
    BF16,
}
