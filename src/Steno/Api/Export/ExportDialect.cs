namespace Steno;

/// <summary>Which program's convention a GGUF export follows.</summary>
public enum ExportDialect
{
    /// <summary>One file that holds everything, as CrispASR reads it. The default.</summary>
    CrispAsr,

    /// <summary>Two files, as llama.cpp reads them: the language model, and beside it the audio tower, whose name begins with <c>mmproj-</c>.</summary>
    LlamaCpp,

    /// <summary>One file, as transcribe.cpp reads it, and apps that are built on it. Only for models whose output head is the embedding, as the published ones have it.</summary>
    TranscribeCpp,
}
