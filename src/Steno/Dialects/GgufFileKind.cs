namespace Steno.Dialects;

/// <summary>What a GGUF file holds, told by its content.</summary>
internal enum GgufFileKind
{
    /// <summary>A whole model, by one of <see cref="GgufDialect.WholeModels"/>.</summary>
    WholeModel,

    /// <summary>A checkpoint by audio.cpp: tensors under their original names, and the small files inside.</summary>
    AudioCpp,

    /// <summary>The language model of a llama.cpp pair.</summary>
    LlamaCppText,

    /// <summary>The audio tower of a llama.cpp pair (mmproj).</summary>
    LlamaCppAudio,
}
