namespace Steno.Hub;

/// <summary>A file of an installed model.</summary>
internal sealed record ManifestFile(string Path, long SizeBytes, string Sha256);
