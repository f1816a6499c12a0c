using System.Numerics;

namespace Steno.Tokenization;

/// <summary>Sizes and hashing of the open-addressing tables: an index is the high bits of a key times a random odd number.</summary>
internal static class HashTable
{
    /// <summary>A power of two, at least 2, that leaves a table at most half full.</summary>
    public static int SizeFor(int entryCount) => (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(entryCount, 1) * 2);

    /// <summary>How far a 64-bit hash is shifted down to give an index.</summary>
    public static int ShiftFor(int size) => 64 - BitOperations.Log2((uint)size);

    /// <summary>A multiplier that nobody can foresee.</summary>
    public static ulong NewMultiplier() => (ulong)Random.Shared.NextInt64() | 1;
}
