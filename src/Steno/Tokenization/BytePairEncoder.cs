using System.Buffers;

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

    private void Merge(Symbol[] symbols, int count)
    {
        // Pairs by (rank, place of the left symbol). A pair whose symbols have since been merged is recognised when its turn comes.
        var pairs = new PriorityQueue<int, long>(count);
        for (int left = 0; left < count - 1; left++) Enqueue(left);

        while (pairs.TryDequeue(out int left, out long priority))
        {
            int right = symbols[left].Next;
            if (right < 0 || !merges.TryFind(symbols[left].Id, symbols[right].Id, out int rank, out int merged) || rank != priority >> 32) continue;

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
            if (merges.TryFind(symbols[left].Id, symbols[right].Id, out int rank, out _)) pairs.Enqueue(left, ((long)rank << 32) | (uint)left);
        }
    }

    private readonly record struct Symbol(int Id, int Previous, int Next);
}
