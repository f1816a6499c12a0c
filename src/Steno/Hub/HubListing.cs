using System.Text.Json;

namespace Steno.Hub;

/// <summary>Asks the hub what a repository holds.</summary>
internal sealed class HubListing(HubSettings settings, HubClient client, Func<RetryLoop> newRetryLoop)
{
    private const int MaxAnswerBytes = 16 * 1024 * 1024;
    private const int MaxPageCount = 100;
    private const int MaxEntryCount = 100_000;
    private const long MaxFileBytes = 1L << 42;

    private static readonly JsonDocumentOptions Json = new() { MaxDepth = 16 };

    /// <summary>Resolves a revision to the commit that it stands for now.</summary>
    public async Task<string> ResolveCommitAsync(ModelName name, CancellationToken cancellationToken)
    {
        var address = new Uri(settings.Endpoint, $"api/models/{name.Repository}/revision/{Uri.EscapeDataString(name.Revision)}");
        (byte[] body, _) = await GetAsync(address, cancellationToken).ConfigureAwait(false);
        using JsonDocument document = Parse(body, address);
        string? commit = document.RootElement.ValueKind == JsonValueKind.Object ? Text(document.RootElement, "sha") : null;
        return HexText.Is(commit, HexText.Sha1Length) || HexText.Is(commit, HexText.Sha256Length)
            ? commit!
            : throw Unexpected(address, "the answer names no commit");
    }

    /// <summary>Lists the files of a commit.</summary>
    public async Task<IReadOnlyList<HubFile>> ListAsync(ModelName name, string commit, CancellationToken cancellationToken)
    {
        List<HubFile> files = [];
        int entryCount = 0;
        Uri? address = new(settings.Endpoint, $"api/models/{name.Repository}/tree/{commit}?recursive=true");
        for (int page = 0; address is not null; page++)
        {
            if (page == MaxPageCount) throw Unexpected(address, $"the list of files has more than {MaxPageCount} pages");
            (byte[] body, Uri? next) = await GetAsync(address, cancellationToken).ConfigureAwait(false);
            using JsonDocument document = Parse(body, address);
            if (document.RootElement.ValueKind != JsonValueKind.Array) throw Unexpected(address, "the answer is no list of files");
            entryCount += document.RootElement.GetArrayLength();
            if (entryCount > MaxEntryCount) throw Unexpected(address, $"the repository has more than {MaxEntryCount} files");
            foreach (JsonElement entry in document.RootElement.EnumerateArray())
            {
                if (FileOf(entry, address) is { } file) files.Add(file);
            }

            address = next;
        }

        return files;
    }

    private Task<(byte[] Body, Uri? Next)> GetAsync(Uri address, CancellationToken cancellationToken) =>
        newRetryLoop().RunAsync(() => client.GetBytesAsync(address, MaxAnswerBytes, cancellationToken), cancellationToken);

    private static JsonDocument Parse(byte[] body, Uri address)
    {
        try
        {
            return JsonDocument.Parse(body, Json);
        }
        catch (JsonException exception)
        {
            throw new HubException($"{HubClient.Shown(address)}: the answer is not the JSON of a model hub: {exception.Message}", exception);
        }
    }

    private static HubFile? FileOf(JsonElement entry, Uri address)
    {
        if (entry.ValueKind != JsonValueKind.Object) throw Unexpected(address, "an entry of the list is no object");
        if (Text(entry, "type") != "file") return null;
        string path = Text(entry, "path") ?? throw Unexpected(address, "a file of the list has no path");
        long size = Size(entry) ?? throw Unexpected(address, $"'{path}' has no possible size");
        if (!entry.TryGetProperty("lfs", out JsonElement large) || large.ValueKind == JsonValueKind.Null)
            return new HubFile(path, size, Sha256: null, Oid(entry, HexText.Sha1Length) ?? throw Unexpected(address, $"'{path}' has no git blob id"));

        string sha256 = large.ValueKind == JsonValueKind.Object ? Oid(large, HexText.Sha256Length) ?? "" : "";
        if (sha256.Length == 0) throw Unexpected(address, $"'{path}' has no SHA-256");
        if (Size(large) != size) throw Unexpected(address, $"'{path}' has two sizes");
        return new HubFile(path, size, sha256, GitBlobId: null);
    }

    private static string? Oid(JsonElement element, int length)
    {
        const string Prefix = "sha256:";
        string? oid = Text(element, "oid");
        if (oid is not null && oid.StartsWith(Prefix, StringComparison.Ordinal)) oid = oid[Prefix.Length..];
        return HexText.Is(oid, length) ? oid : null;
    }

    private static long? Size(JsonElement element) =>
        element.TryGetProperty("size", out JsonElement value) && value.ValueKind == JsonValueKind.Number
        && value.TryGetInt64(out long size) && size is >= 0 and <= MaxFileBytes
            ? size
            : null;

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? TextOf(value) : null;

    // A string of JSON may hold half a surrogate pair, which is no text.
    private static string? TextOf(JsonElement value)
    {
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static HubException Unexpected(Uri address, string problem) => new($"{HubClient.Shown(address)}: {problem}");
}
