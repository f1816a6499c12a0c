using Steno.Kernels;

namespace Steno.Model;

/// <summary>Number formats in which one half of a model is held; null for as it is stored.</summary>
/// <param name="Matrices">All matrices but the head.</param>
/// <param name="Head">The output head, and the embedding table where the two are one.</param>
/// <param name="KeepsQuantized">True to hold what is stored quantised as it is stored, whatever the others say.</param>
internal readonly record struct WeightPolicy(WeightFormat? Matrices, WeightFormat? Head, bool KeepsQuantized)
{
    /// <summary>From this number of weights on memory bounds the speed, and half the bytes are half the time of a decode step.</summary>
    private const long LargeModel = 100_000_000;

    /// <summary>For the audio tower: never below 8 bits, since what is not heard cannot be mended.</summary>
    public static WeightPolicy Audio(WeightPrecision precision, TextDecoderConfig text) => Uniform(precision == WeightPrecision.Q4 ? WeightPrecision.Q8 : precision, text);

    /// <summary>For the language model: its head never below 6 bits, which would let greedy decoding loop.</summary>
    public static WeightPolicy Text(WeightPrecision precision, TextDecoderConfig text) =>
        precision == WeightPrecision.Q4 ? new WeightPolicy(WeightFormat.Q4, WeightFormat.Q6, KeepsQuantized: false) : Uniform(precision, text);

    private static WeightPolicy Uniform(WeightPrecision precision, TextDecoderConfig text)
    {
        WeightFormat? format = precision switch
        {
            WeightPrecision.Float32 => WeightFormat.F32,
            WeightPrecision.BFloat16 => WeightFormat.BF16,
            WeightPrecision.Q8 => WeightFormat.Q8,
            WeightPrecision.Auto when text.MatrixWeightCount >= LargeModel => WeightFormat.Q8,
            _ => null,
        };
        return new WeightPolicy(format, format, KeepsQuantized: precision == WeightPrecision.Auto);
    }
}
