using System.Buffers.Binary;
using System.Numerics;

namespace Steno.Packing;

/// <summary>A 64-bit checksum against accidents: a change within any eight bytes is always found. It proves nothing against somebody who makes files to deceive.</summary>
internal static class Checksum
{
    // Odd, so that a multiplication loses nothing: the first 64 bits of the golden ratio's fraction.
    private const ulong Multiplier = 0x9E3779B97F4A7C15;

    /// <summary>Checksum of bytes.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="seed">Checksum of what came before them.</param>
    public static ulong Of(ReadOnlySpan<byte> bytes, ulong seed = 0)
    {
        ulong hash = Mix(seed, (ulong)bytes.Length);
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..]) hash = Mix(hash, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        ulong tail = 0;
        foreach (byte value in bytes) tail = (tail << 8) | value;
        return Mix(hash, tail);
    }

    // For a given word a one-to-one map of the hash, and for a given hash one of the word.
    private static ulong Mix(ulong hash, ulong word) => BitOperations.RotateLeft((hash ^ word) * Multiplier, 29);
}
