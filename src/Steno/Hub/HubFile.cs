namespace Steno.Hub;

/// <summary>A file of a repository, as the hub lists it.</summary>
/// <param name="Path">Path in the repository, with slashes.</param>
/// <param name="SizeBytes">Length of the content.</param>
/// <param name="Sha256">SHA-256 of the content in lower-case hex, for a file in large file storage; else null.</param>
/// <param name="GitBlobId">Git's name of the content in lower-case hex, SHA-1 over "blob LENGTH\0" and the content, for any other file; else null.</param>
internal sealed record HubFile(string Path, long SizeBytes, string? Sha256, string? GitBlobId);
