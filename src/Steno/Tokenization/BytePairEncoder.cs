using System.Buffers;
using System.Runtime.CompilerServices;

namespace Steno.Tokenization;

/// <summary>Joins the bytes of a pre-token into symbols: always the pair of lowest rank, and of equals the leftmost.</summary>
internal sealed class BytePairEncoder(Vocabulary vocabulary, MergeTable merges)
{
    /// <summary>Encodes one pre-token in O(n log n).</summary>
    /// <param name="bytes">Its bytes; not empty.</param>
    /// <param name="ids">Receives the ids.</param>
    public void Encode(ReadOnlySpan<byte> bytes, List<int> ids)
    {
        if (bytes.Length == 1)
        {
            ids.Add(vocabulary.IdOfByte(bytes[0]));
            return;
        }

        var symbols = ArrayPool<Symbol>.Shared.Rent(bytes.Length);
        for (int i = 0; i < bytes.Length; i++)
            symbols[i] = new Symbol(vocabulary.IdOfByte(bytes[i]), Previous: i - 1, Next: i + 1 < bytes.Length ? i + 1 : -1);

        Merge(symbols, bytes.Length);
        for (int i = 0; i >= 0; i = symbols[i].Next) ids.Add(symbols[i].Id);
        ArrayPool<Symbol>.Shared.Return(symbols);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Merge(Symbol[] symbols, int count)
    {
        // A pair stands in the queue with the place of its left symbol; one that has since been merged away is recognised by its rank.
        var pairs = new MergeQueue(count);
        for (int left = 0; left < count - 1; left++) Enqueue(left);

        while (pairs.TryDequeue(out int queuedRank, out int left))
        {
            int right = symbols[left].Next;
            if (right < 0 || !merges.TryFind(symbols[left].Id, symbols[right].Id, out int rank, out int merged) || rank != queuedRank) continue;

            int next = symbols[right].Next;
            symbols[left] = symbols[left] with { Id = merged, Next = next };
            symbols[right] = new Symbol(Id: -1, Previous: -1, Next: -1);
            if (next >= 0)
            {
                symbols[next] = symbols[next] with { Previous = left };
                Enqueue(left);
            }

            if (symbols[left].Previous >= 0) Enqueue(symbols[left].Previous);
        }

        void Enqueue(int left)
        {
            int right = symbols[left].Next;
            if (merges.TryFind(symbols[left].Id, symbols[right].Id, out int rank, out _)) pairs.Enqueue(rank, left);
        }
    }

    private readonly record struct Symbol(int Id, int Previous, int Next);
}
