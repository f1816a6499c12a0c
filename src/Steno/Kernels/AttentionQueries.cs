namespace Steno.Kernels;

/// <summary>The heads of up to 8 rows that attend to the same keys.</summary>
internal readonly unsafe struct AttentionQueries
{
    /// <summary>Query of the first head of the first row, [headWidth]; the other heads of a row follow.</summary>
    public required float* Rows { get; init; }

    /// <summary>Heads that share the keys: more than one in grouped-query attention. The keys are read once for all of them.</summary>
    public required int HeadCount { get; init; }

    /// <summary>Floats from one row's query to the next's.</summary>
    public required long Stride { get; init; }

    /// <summary>Rows, 1 to 8.</summary>
    public required int RowCount { get; init; }

    /// <summary>Positions that the first row sees, at least 1.</summary>
    public required int KeyCount { get; init; }

    /// <summary>Positions that each further row sees more than the one before: 1 in a causal model, else 0.</summary>
    public required int KeyCountStep { get; init; }

    /// <summary>Factor of the scores, 1 / sqrt(headWidth).</summary>
    public required float Scale { get; init; }

    /// <summary>Where lane 0 of the first head of the first row goes; the lanes of the other heads follow.</summary>
    public required float* Output { get; init; }

    /// <summary>Floats from one lane of the output to the next.</summary>
    public required int OutputLaneStride { get; init; }

    /// <summary>Floats from one row of the output to the next.</summary>
    public required int OutputRowStride { get; init; }

    /// <summary>The heads of a single row as rows of one head: they see the same keys, and each of those is then read and widened once for all of them.</summary>
    public AttentionQueries HeadsAsRows(int headWidth) => this with
    {
        HeadCount = 1,
        Stride = headWidth,
        RowCount = HeadCount,
        KeyCountStep = 0,
        OutputRowStride = headWidth * OutputLaneStride,
    };
}
