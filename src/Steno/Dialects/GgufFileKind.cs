namespace Steno.Dialects;

/// <summary>What a GGUF file holds, told by its content.</summary>
internal enum GgufFileKind
{
    /// <summary>A whole model by CrispASR.</summary>
    CrispAsr,

    /// <summary>A whole model by predict-woo/qwen3-asr.cpp.</summary>
    PredictWoo,

    /// <summary>A whole model by qwenasr.cpp.</summary>
    QwenAsrCpp,

    /// <summary>The language model of a llama.cpp pair.</summary>
    LlamaCppText,

    /// <summary>The audio tower of a llama.cpp pair (mmproj).</summary>
    LlamaCppAudio,
}
