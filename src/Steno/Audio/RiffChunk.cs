using System.Buffers.Binary;
using System.Text;

namespace Steno.Audio;

/// <summary>The header of one chunk of a RIFF file.</summary>
/// <param name="Id">Four characters, the first in the lowest byte.</param>
/// <param name="SizeBytes">What the header says of the body's size.</param>
/// <param name="Position">Where the header begins.</param>
internal readonly record struct RiffChunk(uint Id, uint SizeBytes, long Position)
{
    /// <summary>Bytes of a header.</summary>
    public const int HeaderBytes = 8;

    /// <summary>Whether the id could be one: printable ASCII.</summary>
    public bool HasPlausibleId => IsPlausibleId(Id);

    /// <summary>The id for messages.</summary>
    public string Name
    {
        get
        {
            Span<byte> bytes = stackalloc byte[4];
            BinaryPrimitives.WriteUInt32LittleEndian(bytes, Id);
            return HasPlausibleId ? $"'{Encoding.ASCII.GetString(bytes)}'" : $"bytes {Convert.ToHexString(bytes)}";
        }
    }

    public static RiffChunk Parse(ReadOnlySpan<byte> header, long position) =>
        new(BinaryPrimitives.ReadUInt32LittleEndian(header), BinaryPrimitives.ReadUInt32LittleEndian(header[4..]), position);

    public static bool IsPlausibleId(uint id)
    {
        for (int i = 0; i < 4; i++)
        {
            if ((byte)(id >> (8 * i)) is < 0x20 or > 0x7E) return false;
        }

        return true;
    }

    /// <summary>Whether the id is these four characters.</summary>
    public bool Is(ReadOnlySpan<byte> id) => Id == BinaryPrimitives.ReadUInt32LittleEndian(id);
}
