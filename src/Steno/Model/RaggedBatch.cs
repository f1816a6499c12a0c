using Steno.Kernels;

namespace Steno.Model;

/// <summary>The rows of one forward pass: any number of rows of any number of sequences, each with its own KV cache.</summary>
/// <remarks>
/// Rows of a sequence are added in the order of their positions, one after the other. Filling it again after <see cref="Clear"/> allocates nothing.
/// A prompt, a decode step of one clip, a step of many clips at once, and a mixture are all such a batch.
/// </remarks>
internal sealed unsafe class RaggedBatch
{
    /// <summary>Most rows of a forward pass: bounds the memory of the activations, and is enough to read the weights at full use.</summary>
    public const int MaxRowCount = 512;

    private readonly BatchRow[] _rows = new BatchRow[MaxRowCount];
    private readonly int[] _logitRows = new int[MaxRowCount];
    private readonly int[] _runStarts = new int[MaxRowCount + 1];
    private int _logitRowCount;

    public int RowCount { get; private set; }

    public bool IsFull => RowCount == MaxRowCount;

    public ReadOnlySpan<BatchRow> Rows => _rows.AsSpan(0, RowCount);

    /// <summary>Runs of rows that attend together: of one sequence, and of one tile of <see cref="RowTiles"/>.</summary>
    public int RunCount { get; private set; }

    /// <summary>Rows whose logits are wanted, ascending.</summary>
    public ReadOnlySpan<int> LogitRows => _logitRows.AsSpan(0, _logitRowCount);

    public void Clear()
    {
        Array.Clear(_rows, 0, RowCount);
        RowCount = 0;
        RunCount = 0;
        _logitRowCount = 0;
    }

    /// <summary>Adds a token of a sequence.</summary>
    /// <param name="cache">The sequence's cache.</param>
    /// <param name="position">The token's position, for which the cache has reserved room.</param>
    /// <param name="tokenId">Id of the token, below the vocabulary size.</param>
    /// <exception cref="InvalidOperationException">The batch is full.</exception>
    public void AddToken(KvCache cache, int position, int tokenId) => Add(new BatchRow(cache, position, tokenId, null));

    /// <summary>Adds an embedding of a sequence.</summary>
    /// <param name="cache">The sequence's cache.</param>
    /// <param name="position">The row's position, for which the cache has reserved room.</param>
    /// <param name="embedding">[D], readable until the forward pass is over.</param>
    /// <exception cref="InvalidOperationException">The batch is full.</exception>
    public void AddEmbedding(KvCache cache, int position, float* embedding) => Add(new BatchRow(cache, position, -1, embedding));

    /// <summary>Asks for the logits of the row added last.</summary>
    /// <returns>Index of that row among the rows of logits.</returns>
    public int RequestLogits()
    {
        _logitRows[_logitRowCount] = RowCount - 1;
        return _logitRowCount++;
    }

    /// <summary>Rows of a run: the first, and how many.</summary>
    public (int FirstRow, int RowCount) Run(int index) => (_runStarts[index], _runStarts[index + 1] - _runStarts[index]);

    private void Add(BatchRow row)
    {
        if (IsFull) throw new InvalidOperationException($"A batch holds at most {MaxRowCount} rows.");
        bool continues = RowCount % TileKernel.Height != 0 && ReferenceEquals(_rows[RowCount - 1].Cache, row.Cache);
        if (!continues) _runStarts[RunCount++] = RowCount;
        _rows[RowCount++] = row;
        _runStarts[RunCount] = RowCount;
    }
}
