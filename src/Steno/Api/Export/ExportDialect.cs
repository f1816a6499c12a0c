namespace Steno;

/// <summary>Which program's convention a GGUF export follows.</summary>
public enum ExportDialect
{
    /// <summary>One file that holds everything, as CrispASR reads it. The default.</summary>
    CrispAsr,

    /// <summary>Two files, as llama.cpp reads them: the language model, and beside it the audio tower, whose name begins with <c>mmproj-</c>.</summary>
    LlamaCpp,
}
