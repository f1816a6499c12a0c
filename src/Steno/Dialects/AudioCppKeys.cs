namespace Steno.Dialects;

/// <summary>The keys of a file of audio.cpp.</summary>
internal static class AudioCppKeys
{
    /// <summary>What the model is; absent in older files.</summary>
    public const string Family = "audiocpp.model_spec.family";

    /// <summary>Names of the tensors in the checkpoint, in the order of the file: a tensor whose name is long, or there already, is stored under another.</summary>
    public const string TensorNames = "audiocpp.tensor_names";

    /// <summary>Number of dimensions of each tensor.</summary>
    public const string TensorRanks = "audiocpp.tensor_ranks";

    /// <summary>Dimensions of all tensors one after the other, outermost first.</summary>
    public const string TensorShapes = "audiocpp.tensor_shapes";

    /// <summary>What may stand before the names, with a slash between: one for each file that the tensors came from.</summary>
    public const string SourceNames = "audiocpp.tensor_sources.names";

    /// <summary>Names of the small files.</summary>
    public const string FileNames = "audiocpp.embedded_files.names";

    /// <summary>Where each of them starts in <see cref="FileData"/>, and where the last one ends.</summary>
    public const string FileOffsets = "audiocpp.embedded_files.offsets";

    /// <summary>Their bytes, one after the other.</summary>
    public const string FileData = "audiocpp.embedded_files.data";

    /// <summary>Their bytes as a list of texts, in older files.</summary>
    public const string FileContents = "audiocpp.embedded_files.contents";

    /// <summary>Value of <see cref="Family"/> for Qwen3-ASR.</summary>
    public const string SpeechToText = "qwen3_asr";

    /// <summary>Value of <see cref="Family"/> for the forced aligner.</summary>
    public const string ForcedAligner = "qwen3_forced_aligner";
}
