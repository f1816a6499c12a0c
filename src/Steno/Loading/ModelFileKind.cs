namespace Steno.Loading;

/// <summary>How what lies at a path is opened.</summary>
internal enum ModelFileKind
{
    /// <summary>A directory in the layout of a HuggingFace repository.</summary>
    Directory,

    /// <summary>A GGUF file of any program.</summary>
    Gguf,

    /// <summary>A file of chatllm.cpp.</summary>
    ChatLlm,
}
