namespace Steno.Tests.Architecture;

/// <summary>Which layer of the library may use which. A layer is a folder of src/Steno; the root namespace, in the folder Api, stands above all.</summary>
internal static class Layers
{
    public const string RootNamespace = "Steno";

    /// <summary>The layers that each layer may name directly, itself aside.</summary>
    public static IReadOnlyDictionary<string, string[]> Allowed { get; } = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        ["Quantization"] = [],
        ["Hub"] = [],
        ["Files"] = [],
        ["Tensors"] = ["Quantization"],
        ["Threading"] = [],
        ["Diagnostics"] = [],
        ["Tokenization"] = [],
        ["Kernels"] = ["Tensors", "Quantization"],
        ["Formats"] = ["Tensors"],
        ["Audio"] = ["Kernels", "Threading", "Tensors"],
        ["Speech"] = ["Audio", "Kernels", "Tensors"],
        ["Model"] = ["Kernels", "Threading", "Tensors", "Diagnostics"],
        ["Decoding"] = ["Tokenization"],
        ["Checkpoints"] = ["Formats", "Model", "Tokenization", "Audio", "Tensors", "Quantization"],
        ["Dialects"] = ["Checkpoints", "Formats", "Model", "Tokenization", "Tensors"],
        ["Loading"] = ["Dialects", "Checkpoints", "Files", "Formats", "Model", "Tokenization", "Kernels", "Threading", "Tensors"],
        ["Exporting"] = ["Dialects", "Checkpoints", "Files", "Formats", "Model", "Tokenization", "Audio", "Threading", "Tensors", "Quantization"],
        ["Engine"] = ["Decoding", "Model", "Kernels", "Threading", "Tensors", "Diagnostics"],
        ["Clips"] = ["Engine", "Loading", "Decoding", "Model", "Audio", "Threading", "Tensors", "Diagnostics"],
        ["Verification"] = ["Clips", "Hub", "Loading", "Decoding", "Model", "Audio", "Formats", "Tokenization", "Kernels", "Threading", "Tensors", "Diagnostics"],
        ["Calibration"] = ["Clips", "Exporting", "Loading", "Model", "Kernels", "Tensors"],
        ["Comparison"] = ["Clips", "Loading", "Decoding", "Model", "Audio", "Tokenization", "Kernels", "Tensors", "Diagnostics"],
    };

    private static IReadOnlyList<Type> VocabularyTypes { get; } = [typeof(SupportedLanguages), typeof(InstalledModel), typeof(PullOptions), typeof(PullProgress)];

    /// <summary>The layer of a namespace of Steno: the folder below the root, empty for the root itself; null for code that is not Steno's.</summary>
    public static string? LayerOf(TypeName type)
    {
        if (type.Namespace == RootNamespace) return string.Empty;
        if (!type.Namespace.StartsWith(RootNamespace + ".", StringComparison.Ordinal)) return null;
        return type.Namespace[(RootNamespace.Length + 1)..].Split('.')[0];
    }

    /// <summary>
    /// The words that all layers share: of the root namespace every enum, every <see cref="StenoException"/>, <see cref="SupportedLanguages"/>, and
    /// the records that go into and come out of a pull. Such a type may be used everywhere and itself uses no type of Steno but other such types.
    /// </summary>
    public static bool IsVocabulary(TypeName type)
    {
        if (type.Namespace != RootNamespace) return false;
        Type declared = typeof(AsrModel).Assembly.GetType(type.ToString(), throwOnError: true)!;
        return declared.IsEnum || declared.IsAssignableTo(typeof(StenoException)) || VocabularyTypes.Contains(declared);
    }

    /// <summary>The uses that go up, or sideways, against a table.</summary>
    public static IEnumerable<TypeUse> Violations(IEnumerable<TypeUse> uses, IReadOnlyDictionary<string, string[]> allowed) =>
        uses.Where(use => LayerOf(use.User) is { } user && LayerOf(use.Used) is { } used && !IsAllowed(use, user, used, allowed));

    private static bool IsAllowed(TypeUse use, string user, string used, IReadOnlyDictionary<string, string[]> allowed)
    {
        if (IsVocabulary(use.Used)) return true;
        if (IsVocabulary(use.User)) return false;
        return user.Length == 0 || user == used || allowed[user].Contains(used, StringComparer.Ordinal);
    }
}
