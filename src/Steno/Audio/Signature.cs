namespace Steno.Audio;

/// <summary>Bytes by which a kind of file is known.</summary>
/// <param name="Bytes">One character for each byte.</param>
/// <param name="Type">What stands at byte 8 besides; empty for nothing.</param>
/// <param name="Offset">Where the bytes stand.</param>
internal readonly record struct Signature(string Bytes, string Type = "", int Offset = 0)
{
    private const int TypeOffset = 8;

    /// <summary>Whether a file that begins with <paramref name="start"/> is of this kind.</summary>
    public bool Begins(ReadOnlySpan<byte> start) => Stands(Bytes, start, Offset) && Stands(Type, start, TypeOffset);

    private static bool Stands(string expected, ReadOnlySpan<byte> start, int offset)
    {
        if (start.Length < offset + expected.Length) return expected.Length == 0;
        for (int i = 0; i < expected.Length; i++)
        {
            if (start[offset + i] != expected[i]) return false;
        }

        return true;
    }
}
