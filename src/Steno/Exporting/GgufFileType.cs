using Steno.Tensors;

namespace Steno.Exporting;

/// <summary>The number by which a GGUF file tells the format of most of its weights, for those who look at it; no reader goes by it.</summary>
/// <remarks>The numbers are those of ggml's <c>ggml_ftype</c> and llama.cpp's <c>llama_ftype</c>, which part ways at the K formats.</remarks>
internal static class GgufFileType
{
    public const string Key = "general.file_type";

    /// <summary>The number in ggml's list, which CrispASR uses.</summary>
    public static uint Ggml(DType most) => most switch
    {
        DType.Q3_K => 11,
        DType.Q4_K => 12,
        DType.Q5_K => 13,
        DType.Q6_K => 14,
        DType.IQ4_NL => 19,
        DType.IQ4_XS => 22,
        DType.BF16 => 24,
        _ => Shared(most),
    };

    /// <summary>The number in llama.cpp's list.</summary>
    /// <param name="most">The format of most weights.</param>
    /// <param name="isMixture">Whether some layers have a finer one: llama.cpp's _M in place of its _S.</param>
    public static uint LlamaCpp(DType most, bool isMixture) => most switch
    {
        DType.Q3_K => isMixture ? 12u : 11,
        DType.Q4_K => isMixture ? 15u : 14,
        DType.Q5_K => isMixture ? 17u : 16,
        DType.Q6_K => 18,
        DType.IQ4_NL => 25,
        DType.IQ4_XS => 30,
        DType.BF16 => 32,
        _ => Shared(most),
    };

    private static uint Shared(DType most) => most switch
    {
        DType.F32 => 0,
        DType.F16 => 1,
        DType.Q4_0 => 2,
        DType.Q4_1 => 3,
        DType.Q8_0 => 7,
        DType.Q5_0 => 8,
        DType.Q5_1 => 9,
        DType.Q2_K => 10,
        _ => throw new ArgumentOutOfRangeException(nameof(most), most, "No number is known for this format."),
    };
}
