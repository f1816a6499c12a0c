using System.IO.Compression;

namespace Steno.Hub;

/// <summary>An answer at the end of its redirects, with what the hub said about the file on the way.</summary>
internal sealed class HubResponse(HttpResponseMessage message, Uri address, string? commit, string? linkedEtag) : IDisposable
{
    public HttpResponseMessage Message { get; } = message;

    /// <summary>Where the answer came from.</summary>
    public Uri Address { get; } = address;

    /// <summary>X-Repo-Commit, or null.</summary>
    public string? Commit { get; } = commit;

    /// <summary>X-Linked-Etag without quotes, or null: the SHA-256 of a file in large file storage.</summary>
    public string? LinkedEtag { get; } = linkedEtag;

    /// <summary>True when the body is packed although that was not asked for: its length and ranges are then those of the packed body.</summary>
    public bool IsPacked => Message.Content.Headers.ContentEncoding.Any(encoding => !string.Equals(encoding, "identity", StringComparison.OrdinalIgnoreCase));

    /// <summary>Opens the body, unpacked.</summary>
    /// <exception cref="HubException">It is packed in a way that Steno does not know.</exception>
    public async Task<Stream> OpenBodyAsync(CancellationToken cancellationToken)
    {
        Stream body = await Message.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        if (!IsPacked) return body;
        string encoding = string.Join(", ", Message.Content.Headers.ContentEncoding);
        return encoding.ToLowerInvariant() switch
        {
            "gzip" or "x-gzip" => new GZipStream(body, CompressionMode.Decompress),
            "br" => new BrotliStream(body, CompressionMode.Decompress),
            "deflate" => new ZLibStream(body, CompressionMode.Decompress),
            _ => throw new HubException($"{HubClient.Shown(Address)}: the body is encoded as '{encoding}', which was not asked for"),
        };
    }

    public void Dispose() => Message.Dispose();
}
