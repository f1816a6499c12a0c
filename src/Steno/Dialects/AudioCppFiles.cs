using System.Text;
using Steno.Checkpoints;
using Steno.Formats;
using Steno.Formats.Gguf;

namespace Steno.Dialects;

/// <summary>The small files inside a file of audio.cpp. They are read in memory, and never become files on a disk.</summary>
internal static class AudioCppFiles
{
    private const int MaxFileCount = 1000;
    private const int MaxNameBytes = 1024;

    // Only these are kept: others, pictures and the like, may be of any size.
    private static readonly HashSet<string> Wanted = new(StringComparer.Ordinal)
    {
        "config.json", "generation_config.json", "preprocessor_config.json", "processor_config.json", "vocab.json", "merges.txt", "tokenizer_config.json", "tokenizer.json",
    };

    /// <summary>The small files inside a file; where there are none, those beside it.</summary>
    /// <exception cref="ModelFormatException">The lists contradict each other, or a name is none of a file.</exception>
    public static CheckpointFiles Read(GgufFile file)
    {
        GgufMetadata metadata = file.Metadata;
        bool hasData = metadata.Has(AudioCppKeys.FileData) || metadata.Has(AudioCppKeys.FileOffsets);
        if (!hasData && !metadata.Has(AudioCppKeys.FileContents) && !metadata.Has(AudioCppKeys.FileNames))
            return CheckpointFiles.InDirectory(Path.GetDirectoryName(Path.GetFullPath(file.Location))!);
        string[] names = ReadNames(metadata);
        var contents = new Dictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
        if (hasData) AddPieces(metadata, names, contents);
        else AddTexts(metadata, names, contents);
        return CheckpointFiles.Inside(file.Location, contents);
    }

    private static string[] ReadNames(GgufMetadata metadata)
    {
        GgufTexts texts = metadata.Texts(AudioCppKeys.FileNames, MaxFileCount);
        string[] names = new string[texts.Count];
        for (int i = 0; i < names.Length; i++)
        {
            ReadOnlySpan<byte> text = texts.ReadNext();
            names[i] = Encoding.UTF8.GetString(text[..Math.Min(text.Length, MaxNameBytes)]);
            if (text.Length > MaxNameBytes || !IsSafe(names[i]))
                throw metadata.Fault(AudioCppKeys.FileNames, $"has a name {i} that no file of a checkpoint has", "a relative path without '..'", $"'{MessageText.Excerpt(names[i])}'");
        }

        return names;
    }

    private static bool IsSafe(string name) =>
        name.Length > 0 && !name.Contains('\\', StringComparison.Ordinal) && !name.Contains(':', StringComparison.Ordinal) && !name.Any(char.IsControl)
        && name.Split('/').All(part => part is not ("" or "." or ".."));

    private static void AddPieces(GgufMetadata metadata, string[] names, Dictionary<string, ReadOnlyMemory<byte>> contents)
    {
        int[] offsets = metadata.Integers(AudioCppKeys.FileOffsets, MaxFileCount + 1) ?? [];
        ReadOnlySpan<byte> data = metadata.Bytes(AudioCppKeys.FileData);
        if (offsets.Length != names.Length + 1)
            throw metadata.Fault(AudioCppKeys.FileOffsets, "has another length than the list of names calls for", $"{names.Length + 1}", $"{offsets.Length}");
        for (int i = 0; i < names.Length; i++)
        {
            if (offsets[i] < 0 || offsets[i] > offsets[i + 1] || offsets[i + 1] > data.Length)
                throw metadata.Fault(AudioCppKeys.FileOffsets, $"has a range {i} that is impossible", $"ascending numbers up to {data.Length}", $"{offsets[i]} to {offsets[i + 1]}");
            Add(metadata, contents, names[i], data[offsets[i]..offsets[i + 1]]);
        }
    }

    private static void AddTexts(GgufMetadata metadata, string[] names, Dictionary<string, ReadOnlyMemory<byte>> contents)
    {
        GgufTexts texts = metadata.Texts(AudioCppKeys.FileContents, MaxFileCount);
        if (texts.Count != names.Length)
            throw metadata.Fault(AudioCppKeys.FileContents, "has another length than the list of names", $"{names.Length}", $"{texts.Count}");
        foreach (string name in names) Add(metadata, contents, name, texts.ReadNext());
    }

    private static void Add(GgufMetadata metadata, Dictionary<string, ReadOnlyMemory<byte>> contents, string name, ReadOnlySpan<byte> content)
    {
        if (Wanted.Contains(name) && !contents.TryAdd(name, content.ToArray())) throw metadata.Fault(AudioCppKeys.FileNames, $"has {name} twice");
    }
}
