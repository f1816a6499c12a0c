namespace Steno;

/// <summary>A file that an export wrote.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="SizeBytes">Its size.</param>
public sealed record ExportedFile(string Path, long SizeBytes);
