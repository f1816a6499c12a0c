namespace Steno.Packing;

/// <summary>A run of bytes of a packed file.</summary>
/// <param name="Offset">Where it begins in the file.</param>
/// <param name="ByteCount">Its length.</param>
/// <param name="Checksum">Of its bytes.</param>
internal sealed record PackedTable(long Offset, long ByteCount, ulong Checksum);
