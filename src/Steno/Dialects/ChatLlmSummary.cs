using System.Text.Json;
using Steno.Checkpoints;
using Steno.Formats;
using Steno.Formats.Ggmm;

namespace Steno.Dialects;

/// <summary>Describes files of chatllm.cpp.</summary>
internal static class ChatLlmSummary
{
    /// <summary>Describes a file.</summary>
    /// <exception cref="ModelFormatException">The file is broken or contradicts itself.</exception>
    public static CheckpointSummary Read(string path)
    {
        using GgmmFile file = GgmmFile.Open(path);
        ModelKind kind = ChatLlmNumbers.TypeOf(file) switch
        {
            ChatLlmNumbers.SpeechToText => ModelKind.SpeechToText,
            ChatLlmNumbers.ForcedAligner => ModelKind.ForcedAligner,
            _ => ModelKind.Other,
        };
        using JsonDocument document = JsonFile.ParseObject(file.Json.ToArray(), path);
        string? name = ConfigObject.Root(document, path).OptionalText("model_name");
        return new CheckpointSummary(
            "chatllm.cpp file",
            kind,
            name is { Length: > 0 } ? MessageText.Excerpt(name) : null,
            StoredType.Sum(file.Tensors.Values.Select(tensor => (tensor.Type.Name, tensor.Shape, tensor.ByteCount))),
            [Path.GetFullPath(path)]);
    }
}
