using Steno.Kernels;

namespace Steno.Model;

/// <summary>Number formats in which one half of a model is held; null for as it is stored.</summary>
/// <param name="Matrices">All matrices but the head.</param>
/// <param name="Head">The output head, and the embedding table where the two are one.</param>
internal readonly record struct WeightPolicy(WeightFormat? Matrices, WeightFormat? Head)
{
    /// <summary>For the audio tower: never below 8 bits, since what is not heard cannot be mended.</summary>
    public static WeightPolicy Audio(WeightPrecision precision) => Uniform(precision == WeightPrecision.Q4 ? WeightPrecision.Q8 : precision);

    /// <summary>For the language model: its head never below 6 bits, which would let greedy decoding loop.</summary>
    public static WeightPolicy Text(WeightPrecision precision) =>
        precision == WeightPrecision.Q4 ? new WeightPolicy(WeightFormat.Q4, WeightFormat.Q6) : Uniform(precision);

    private static WeightPolicy Uniform(WeightPrecision precision)
    {
        WeightFormat? format = precision switch
        {
            WeightPrecision.Float32 => WeightFormat.F32,
            WeightPrecision.BFloat16 => WeightFormat.BF16,
            WeightPrecision.Q8 => WeightFormat.Q8,
            _ => null,
        };
        return new WeightPolicy(format, format);
    }
}
