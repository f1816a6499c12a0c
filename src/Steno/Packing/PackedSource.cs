using Microsoft.Win32.SafeHandles;

namespace Steno.Packing;

/// <summary>A file that a packed file was made of, and by what it is known again.</summary>
/// <param name="Name">Its name, without its folder.</param>
/// <param name="Size">Its bytes.</param>
/// <param name="WriteTime">When it was last written, in ticks of UTC.</param>
/// <param name="HeadChecksum">Checksum of its first bytes, which hold the header of a file of weights.</param>
internal sealed record PackedSource(string Name, long Size, long WriteTime, ulong HeadChecksum)
{
    // The header of the 0.6B model has 0.1 MB.
    private const int HeadBytes = 256 << 10;

    /// <summary>Looks at a file.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static PackedSource Of(string path)
    {
        using SafeFileHandle handle = File.OpenHandle(path);
        long size = RandomAccess.GetLength(handle);
        byte[] head = GC.AllocateUninitializedArray<byte>((int)Math.Min(size, HeadBytes));
        int count = 0;
        while (count < head.Length && RandomAccess.Read(handle, head.AsSpan(count), count) is > 0 and int read) count += read;
        return new PackedSource(Path.GetFileName(path), size, File.GetLastWriteTimeUtc(handle).Ticks, Checksum.Of(head.AsSpan(0, count)));
    }

    /// <summary>Looks at all files that a checkpoint consists of.</summary>
    /// <inheritdoc cref="Of"/>
    public static PackedSource[] OfAll(IEnumerable<string> paths) => [.. paths.Order(StringComparer.Ordinal).Select(Of)];

    /// <summary>What of a file is no longer as it was; null when all is.</summary>
    public string? DifferenceFrom(PackedSource other) =>
        Name != other.Name ? "name"
        : Size != other.Size ? "size"
        : WriteTime != other.WriteTime ? "time of the last change"
        : HeadChecksum != other.HeadChecksum ? "content"
        : null;
}
