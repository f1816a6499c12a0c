using Steno.Model;

namespace Steno.Engine;

/// <summary>Prompt, tokens and cache that a sequence left for the next one that begins alike. The engine may drop the cache when memory is short.</summary>
internal sealed class RetainedPrefix(PromptRows prompt, int[] tokens, KvCache cache)
{
    /// <summary>The cache; null once it was taken or dropped. Belongs to the engine's thread.</summary>
    public KvCache? Cache { get; private set; } = cache;

    /// <summary>Takes the cache for a prompt that follows, cut to the rows that are the same; its last row is always computed again.</summary>
    /// <returns>Null when there is nothing in common.</returns>
    public KvCache? Take(PromptRows next)
    {
        if (Cache is not { } cache) return null;
        int common = Math.Min(CommonRows(next), next.Count - 1);
        if (common == 0)
        {
            Drop();
            return null;
        }

        Cache = null;
        cache.Truncate(common);
        prompt.Dispose();
        return cache;
    }

    /// <summary>Gives the memory back.</summary>
    public void Drop()
    {
        Cache?.Dispose();
        Cache = null;
        prompt.Dispose();
    }

    private int CommonRows(PromptRows next)
    {
        int end = Math.Min(next.Count, Cache!.Length);
        int row = 0;
        while (row < end && (row < prompt.Count ? prompt.IsSame(row, next) : next.IsToken(row, tokens[row - prompt.Count]))) row++;
        return row;
    }
}
