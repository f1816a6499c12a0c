
namespace Steno.Tests.Packagings;

/// <summary>Which type the converters and quantisers of a program give a tensor.</summary>
internal static class TypeMixture
{
    /// <summary>transcribe.cpp's quantiser: vectors F32; convolutions F32, but F16 where nothing is quantised; where rows are no whole number of blocks Q8_0; of _M the embedding Q6_K, the attention's output Q8_0.</summary>
    public static string OfTranscribeCpp(string preset, SourceTensor tensor)
    {
        if (tensor.Shape.Length == 1) return "F32";
        bool isPlain = preset is "F32" or "F16" or "BF16";
        if (tensor.Shape.Length == 4) return isPlain && preset != "F32" ? "F16" : "F32";
        string type = preset.EndsWith("_M", StringComparison.Ordinal)
            ? tensor.IsEmbedding ? "Q6_K" : tensor.Name.EndsWith("o_proj.weight", StringComparison.Ordinal) || tensor.Name.EndsWith("out_proj.weight", StringComparison.Ordinal) ? "Q8_0" : preset[..^2]
            : preset;
        return Fits(type, tensor) ? type : "Q8_0";
    }

    /// <summary>audio.cpp's converter: matrices whose names end in .weight, others as they are; embedding F16 where they are quantised.</summary>
    public static string OfAudioCpp(string type, SourceTensor tensor)
    {
        if (tensor.Shape.Length != 2) return "BF16";
        if (tensor.IsEmbedding && ScalarBlocks.IsQuantized(type)) return "F16";
        return Fits(type, tensor) ? type : "BF16";
    }

    /// <summary>chatllm.cpp's converter: matrices of the type, convolutions F16, vectors F32.</summary>
    public static string OfChatLlm(string type, SourceTensor tensor) =>
        tensor.Shape.Length switch { 1 => "F32", 4 => "F16", _ => Fits(type, tensor) ? type : "F16" };

    /// <summary>The values of a tensor as they come out of a type.</summary>
    public static float[] Stored(SourceTensor tensor, string type) => ScalarBlocks.Decode(type, tensor.Encode(type));

    private static bool Fits(string type, SourceTensor tensor) => tensor.Shape[^1] % ScalarBlocks.BlockLength(type) == 0;
}
