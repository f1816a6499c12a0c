using System.Text;
using System.Text.Json;
using Steno.Checkpoints;
using Steno.Formats;
using Steno.Formats.Ggmm;

namespace Steno.Dialects;

/// <summary>The small files of a checkpoint in a file of chatllm.cpp: one JSON object, with the name of each file as a key.</summary>
internal static class ChatLlmFiles
{
    /// <summary>Reads them.</summary>
    /// <exception cref="ModelFormatException">There is no such object.</exception>
    public static CheckpointFiles Read(GgmmFile file)
    {
        var contents = new Dictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
        using JsonDocument document = JsonFile.ParseObject(file.Json.ToArray(), file.Location);
        foreach (JsonProperty entry in document.RootElement.EnumerateObject())
        {
            if (entry.Value.ValueKind == JsonValueKind.Object) contents.TryAdd(entry.Name, BytesOf(entry.Value));
        }

        if (!contents.ContainsKey(ModelConfigReader.FileName))
        {
            throw new ModelFormatException(
                "the file has no config.json in it; convert the model anew",
                file.Location,
                expected: "a JSON object with config.json, tokenizer_config.json and so on",
                found: contents.Count == 0 ? "none of them" : MessageText.Excerpt(string.Join(", ", contents.Keys)));
        }

        return CheckpointFiles.Inside(file.Location, contents);
    }

    private static byte[] BytesOf(JsonElement element) => Encoding.UTF8.GetBytes(element.GetRawText());
}
