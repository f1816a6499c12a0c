using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace Steno.Hub;

/// <summary>Says that every file of a model is complete; written last, so that a model without it is not whole.</summary>
internal sealed record Manifest(string Repository, string Revision, string Commit, DateTimeOffset PulledAt, IReadOnlyList<ManifestFile> Files)
{
    private const int Format = 1;
    private const int MaxBytes = 4 * 1024 * 1024;

    /// <summary>Reads the manifest of a model.</summary>
    /// <returns>Null when there is none, or one that is no manifest: the model is then not whole.</returns>
    public static Manifest? Read(string path)
    {
        try
        {
            var info = new FileInfo(path);
            if (!info.Exists || info.Length > MaxBytes) return null;
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path), new JsonDocumentOptions { MaxDepth = 8 });
            return Read(document.RootElement);
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException
            or FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Writes it, whole or not at all.</summary>
    public void Write(string path)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
            WriteTo(json);

        string part = path + StoreLayout.PartSuffix;
        using (var file = new FileStream(part, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0))
        {
            file.Write(buffer.WrittenSpan);
            file.Flush(flushToDisk: true);
        }

        File.Move(part, path, overwrite: true);
    }

    /// <summary>What keeps the model from being whole, or null.</summary>
    public string? FindProblem(StoreLayout layout)
    {
        foreach (ManifestFile file in Files)
        {
            var info = new FileInfo(layout.FilePath(Commit, file.Path));
            if (!info.Exists) return $"{file.Path} is missing";
            if (info.Length != file.SizeBytes) return $"{file.Path} has {info.Length} bytes instead of {file.SizeBytes}";
        }

        return null;
    }

    private static Manifest? Read(JsonElement root)
    {
        if (root.GetProperty("format").GetInt32() != Format) return null;
        List<ManifestFile> files = [];
        foreach (JsonElement entry in root.GetProperty("files").EnumerateArray())
        {
            var file = new ManifestFile(Text(entry, "path"), entry.GetProperty("size").GetInt64(), Text(entry, "sha256"));
            if (!HubPath.IsSafe(file.Path) || file.SizeBytes < 0 || !HexText.Is(file.Sha256, HexText.Sha256Length)) return null;
            files.Add(file);
        }

        string commit = Text(root, "commit");
        bool isUsable = files.Count > 0 && (HexText.Is(commit, HexText.Sha1Length) || HexText.Is(commit, HexText.Sha256Length));
        return isUsable
            ? new Manifest(Text(root, "repository"), Text(root, "revision"), commit, root.GetProperty("pulled_at").GetDateTimeOffset(), files)
            : null;
    }

    private void WriteTo(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteNumber("format", Format);
        json.WriteString("repository", Repository);
        json.WriteString("revision", Revision);
        json.WriteString("commit", Commit);
        json.WriteString("pulled_at", PulledAt.ToString("O", CultureInfo.InvariantCulture));
        json.WriteStartArray("files");
        foreach (ManifestFile file in Files)
        {
            json.WriteStartObject();
            json.WriteString("path", file.Path);
            json.WriteNumber("size", file.SizeBytes);
            json.WriteString("sha256", file.Sha256);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString() ?? throw new FormatException(name + " is null");
}
