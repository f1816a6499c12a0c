using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Steno.Hub;

/// <summary>Names content as the hub does, while it passes.</summary>
internal sealed class ContentHash : IDisposable
{
    private readonly HubFile _file;
    private readonly IncrementalHash _sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly IncrementalHash? _gitBlob;

    [SuppressMessage("Security", "CA5350:Do not use weak cryptographic algorithms", Justification = "SHA-1 is how git names content")]
    public ContentHash(HubFile file)
    {
        _file = file;
        _gitBlob = file.GitBlobId is null ? null : IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        Reset();
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        _sha256.AppendData(bytes);
        _gitBlob?.AppendData(bytes);
    }

    /// <summary>Forgets what has passed.</summary>
    public void Reset()
    {
        Span<byte> ignored = stackalloc byte[SHA256.HashSizeInBytes];
        _sha256.TryGetHashAndReset(ignored, out _);
        _gitBlob?.TryGetHashAndReset(ignored, out _);
        _gitBlob?.AppendData(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"blob {_file.SizeBytes}\0")));
    }

    /// <summary>Ends the content.</summary>
    /// <param name="sha256">SHA-256 of it, in lower-case hex.</param>
    /// <param name="mismatch">What differs from the listing, or null.</param>
    public void Complete(out string sha256, out string? mismatch)
    {
        sha256 = Convert.ToHexStringLower(_sha256.GetHashAndReset());
        string? gitBlobId = _gitBlob is null ? null : Convert.ToHexStringLower(_gitBlob.GetHashAndReset());
        mismatch = null;
        if (_file.Sha256 is not null && _file.Sha256 != sha256)
            mismatch = $"expected SHA-256 {_file.Sha256}, found {sha256}";
        else if (_file.GitBlobId is not null && _file.GitBlobId != gitBlobId)
            mismatch = $"expected git blob {_file.GitBlobId}, found {gitBlobId}";
        Reset();
    }

    public void Dispose()
    {
        _sha256.Dispose();
        _gitBlob?.Dispose();
    }
}
