using System.Security.Cryptography;

namespace Steno.Hub;

/// <summary>A file of an installed model, and what its pull says of it.</summary>
/// <param name="FullPath">Where it lies.</param>
/// <param name="Listed">Its name, size and hash.</param>
internal sealed record StoredFile(string FullPath, ManifestFile Listed)
{
    private const int BufferBytes = 1 << 20;

    /// <summary>The files of the model that a path belongs to, by the manifest that lies above it.</summary>
    /// <param name="path">The directory of an installed model, or a file in it.</param>
    /// <returns>Nothing when the path is not in a store.</returns>
    public static IReadOnlyList<StoredFile> Around(string path)
    {
        for (string? snapshot = Path.GetFullPath(path); snapshot is not null; snapshot = Path.GetDirectoryName(snapshot))
        {
            if (Path.GetDirectoryName(snapshot) is not { } model) continue;
            if (Manifest.Read(Path.Combine(model, StoreLayout.ManifestName)) is not { } manifest || manifest.Commit != Path.GetFileName(snapshot)) continue;
            return [.. manifest.Files.Select(file => new StoredFile(Path.Combine([snapshot, .. file.Path.Split('/')]), file))];
        }

        return [];
    }

    /// <summary>Reads the file.</summary>
    /// <returns>What is wrong with it, or null.</returns>
    /// <exception cref="IOException">It cannot be read.</exception>
    public async Task<string?> FindProblemAsync(CancellationToken cancellationToken)
    {
        if (!File.Exists(FullPath)) return $"{Listed.Path} is missing";
        using var stream = new FileStream(FullPath, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan | FileOptions.Asynchronous);
        if (stream.Length != Listed.SizeBytes) return $"{Listed.Path} has {stream.Length} bytes instead of {Listed.SizeBytes}";
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = GC.AllocateUninitializedArray<byte>(BufferBytes);
        for (int count; (count = await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0;) hash.AppendData(buffer, 0, count);
        string sha256 = Convert.ToHexStringLower(hash.GetHashAndReset());
        return sha256 == Listed.Sha256 ? null : $"{Listed.Path} has the SHA-256 {sha256} instead of {Listed.Sha256}";
    }
}
