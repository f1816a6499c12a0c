namespace Steno.Dialects;

/// <summary>One of the conventions by which programs store Qwen3-ASR in GGUF files.</summary>
/// <param name="Names">Names of the tensors.</param>
/// <param name="Keys">Keys of the dimensions.</param>
internal sealed record GgufDialect(GgufNames Names, GgufKeys Keys)
{
    /// <summary>CrispASR, <c>qwen3asr</c>.</summary>
    public static GgufDialect CrispAsr { get; } = new(GgufNames.CrispAsr, GgufKeys.CrispAsr);

    /// <summary>predict-woo/qwen3-asr.cpp, <c>qwen3-asr</c>.</summary>
    public static GgufDialect PredictWoo { get; } = new(GgufNames.PredictWoo, GgufKeys.PredictWoo);

    /// <summary>qwenasr.cpp, <c>qwenasr</c>.</summary>
    public static GgufDialect QwenAsrCpp { get; } = new(GgufNames.QwenAsrCpp, GgufKeys.QwenAsrCpp);

    /// <summary>llama.cpp, whose text files are <c>qwen3vl</c>, or <c>qwen3</c> by the patch that came before its own support.</summary>
    public static GgufDialect LlamaCpp(string textArchitecture) => new(GgufNames.LlamaCpp, GgufKeys.LlamaCpp(textArchitecture));
}
