namespace Steno.Dialects;

/// <summary>One of the conventions by which programs store Qwen3-ASR in GGUF files.</summary>
/// <param name="Program">The program that it is of.</param>
/// <param name="Architecture">What its files state as <c>general.architecture</c>; of a pair, the language model.</param>
/// <param name="Names">Names of the tensors.</param>
/// <param name="Keys">Keys of the dimensions.</param>
internal sealed record GgufDialect(string Program, string Architecture, TensorNames Names, GgufKeys Keys)
{
    /// <summary>CrispASR.</summary>
    public static GgufDialect CrispAsr { get; } = new("CrispASR", "qwen3asr", TensorNames.CrispAsr, GgufKeys.CrispAsr);

    /// <summary>predict-woo/qwen3-asr.cpp.</summary>
    public static GgufDialect PredictWoo { get; } = new("qwen3-asr.cpp", "qwen3-asr", TensorNames.PredictWoo, GgufKeys.PredictWoo);

    /// <summary>qwenasr.cpp.</summary>
    public static GgufDialect QwenAsrCpp { get; } = new("qwenasr.cpp", "qwenasr", TensorNames.QwenAsrCpp, GgufKeys.QwenAsrCpp);

    /// <summary>transcribe.cpp.</summary>
    public static GgufDialect TranscribeCpp { get; } = new("transcribe.cpp", "qwen3_asr", TensorNames.TranscribeCpp, GgufKeys.TranscribeCpp) { IsContiguous = true };

    /// <summary>Whether its files are known to have no gaps between tensors, as GGML's own writer leaves none; of the others some are written otherwise.</summary>
    public bool IsContiguous { get; private init; }

    /// <summary>The dialects with a whole model in one file.</summary>
    public static IReadOnlyList<GgufDialect> WholeModels { get; } = [CrispAsr, PredictWoo, QwenAsrCpp, TranscribeCpp];

    /// <summary>llama.cpp, whose text files are <c>qwen3vl</c>, or <c>qwen3</c> by the patch that came before its own support.</summary>
    public static GgufDialect LlamaCpp(string textArchitecture) => new("llama.cpp", textArchitecture, TensorNames.LlamaCpp, GgufKeys.LlamaCpp(textArchitecture));

    /// <summary>The dialect whose whole models have an architecture, or null.</summary>
    public static GgufDialect? OfWholeModel(string? architecture) => WholeModels.FirstOrDefault(dialect => dialect.Architecture == architecture);
}
