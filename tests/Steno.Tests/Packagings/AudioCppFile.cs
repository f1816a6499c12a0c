using System.Text;
using Steno.Tests.Checkpoints;
using Steno.Tests.Dialects;

namespace Steno.Tests.Packagings;

/// <summary>A model as audio.cpp's converter writes it, by the description of its keys.</summary>
internal static class AudioCppFile
{
    private static readonly string[] FileNames = ["generation_config.json", "merges.txt", "preprocessor_config.json", "tokenizer_config.json", "vocab.json"];

    /// <summary>Writes a model.</summary>
    /// <param name="source">The model.</param>
    /// <param name="typeOf">The type of each tensor.</param>
    /// <param name="layout">What may differ from file to file.</param>
    public static GgufTestWriter Write(SourceModel source, Func<SourceTensor, string> typeOf, AudioCppLayout? layout = null)
    {
        layout ??= new AudioCppLayout();
        var file = new GgufTestWriter()
            .Text("general.architecture", "audiocpp").Text("general.name", "tiny-asr")
            .Text("audiocpp.tensor_name_format", "native").Text("audiocpp.source_format", ".safetensors").Text("audiocpp.weight_type", "orig")
            .Texts("audiocpp.tensor_sources.names", [layout.Prefix.TrimEnd('/')]).Texts("audiocpp.tensor_sources.paths", ["model.safetensors"]);
        if (layout.Family is not null) file.Number("audiocpp.model_spec.version", 1).Text("audiocpp.model_spec.family", layout.Family).Text("audiocpp.model_spec.json", "{}");
        AddFiles(file, Files(source, layout), layout);
        var names = new List<string>();
        var ranks = new List<int>();
        var shapes = new List<long>();
        foreach (SourceTensor tensor in source.Tensors)
        {
            string name = layout.Prefix + (layout.HasPortNames ? TinyCheckpoint.PortName(tensor.Name) : tensor.Name);
            string type = typeOf(tensor);
            string stored = name.Length >= 64 || layout.AliasesAll ? $"_audiocpp.{names.Count}" : name;

            // GGML knows no dimensions of one at the outside.
            long[] shape = tensor.Shape.Length == 4 && layout.DropsOnes ? [.. tensor.Shape.SkipWhile(dimension => dimension == 1)] : tensor.Shape;
            file.Tensor(stored, shape, TinyGguf.TypeId(type), tensor.In(type));
            names.Add(name);
            ranks.Add(tensor.Shape.Length);
            shapes.AddRange(tensor.Shape);
        }

        return file
            .Texts("audiocpp.tensor_names", names)
            .Integers("audiocpp.tensor_ranks", ranks)
            .Raw("audiocpp.tensor_shapes", 9, [.. GgufTestWriter.UInt32(11), .. GgufTestWriter.UInt64((ulong)shapes.Count), .. shapes.SelectMany(dimension => GgufTestWriter.UInt64((ulong)dimension))]);
    }

    private static List<(string Name, byte[] Content)> Files(SourceModel source, AudioCppLayout layout)
    {
        string config = layout.HasPortNames ? TinyCheckpoint.ReadFlatConfig().ToJsonString() : source.Config.ToJsonString();
        List<(string Name, byte[] Content)> files = [("config.json", Encoding.UTF8.GetBytes(config)), .. FileNames.Select(name => (name, Encoding.UTF8.GetBytes(source.Read(name))))];
        if (layout.PaddingBytes > 0) files.Insert(0, (".gitattributes", new byte[layout.PaddingBytes]));
        return files;
    }

    private static void AddFiles(GgufTestWriter file, List<(string Name, byte[] Content)> files, AudioCppLayout layout)
    {
        if (layout.HasNoFiles) return;
        file.Texts("audiocpp.embedded_files.names", [.. files.Select(entry => entry.Name)]);
        if (layout.HasFilesAsTexts)
        {
            file.Texts("audiocpp.embedded_files.contents", [.. files.Select(entry => Encoding.UTF8.GetString(entry.Content))]);
            return;
        }

        ulong[] offsets = new ulong[files.Count + 1];
        for (int i = 0; i < files.Count; i++) offsets[i + 1] = offsets[i] + (ulong)files[i].Content.Length;
        file.Raw("audiocpp.embedded_files.offsets", 9, [.. GgufTestWriter.UInt32(10), .. GgufTestWriter.UInt64((ulong)offsets.Length), .. offsets.SelectMany(GgufTestWriter.UInt64)]);
        file.Raw("audiocpp.embedded_files.data", 9, [.. GgufTestWriter.UInt32(0), .. GgufTestWriter.UInt64(offsets[^1]), .. files.SelectMany(entry => entry.Content)]);
    }
}
