namespace Steno;

/// <summary>A packed model on the disk.</summary>
/// <param name="Path">The file.</param>
/// <param name="ByteCount">Its bytes.</param>
public sealed record PackedModelFile(string Path, long ByteCount);
