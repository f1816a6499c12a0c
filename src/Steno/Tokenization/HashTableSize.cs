using System.Numerics;

namespace Steno.Tokenization;

/// <summary>How large an open-addressing table has to be.</summary>
internal static class HashTableSize
{
    /// <summary>A power of two that leaves such a table at most half full.</summary>
    public static int For(int entryCount) => (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(entryCount, 1) * 2);
}
