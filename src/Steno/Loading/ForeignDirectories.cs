namespace Steno.Loading;

/// <summary>Knows directories of other programs by what is in them.</summary>
internal static class ForeignDirectories
{
    /// <summary>A GGUF language model whose audio tower is an ONNX graph beside it.</summary>
    public static ForeignFormat Hybrid { get; } = new(
        "a hybrid of an ONNX encoder and a GGUF language model, as CapsWriter-Offline has them", "the encoder is a graph, whose weights have lost their names");

    /// <summary>Tells which known kind of directory this is; null where it is none of them.</summary>
    /// <param name="path">The directory.</param>
    /// <param name="files">The first bytes of its files.</param>
    public static ForeignFormat? Recognize(string path, IReadOnlyList<FileHead> files)
    {
        if (IsCoreMl(path)) return ForeignFiles.CoreMl;
        return files.Select(ForeignFiles.Recognize).FirstOrDefault(format => format is { IsModel: true });
    }

    // A compiled model and a package are directories themselves, or lie in one.
    private static bool IsCoreMl(string path) =>
        IsCoreMlModel(path) || Directory.EnumerateDirectories(path).Take(100).Any(IsCoreMlModel);

    private static bool IsCoreMlModel(string path) =>
        File.Exists(Path.Combine(path, "coremldata.bin")) || Directory.Exists(Path.Combine(path, "Data", "com.apple.CoreML"));
}
