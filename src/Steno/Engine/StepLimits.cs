using Steno.Model;

namespace Steno.Engine;

/// <summary>How much an engine takes on at once. None of it changes a result.</summary>
internal sealed record StepLimits
{
    /// <summary>Rows of a prompt in one pass while nobody else is there.</summary>
    public int PrefillRows { get; init; } = RaggedBatch.MaxRowCount;

    /// <summary>
    /// Rows of a prompt in one pass beside others: they wait no longer than that for their next token, and a product of so many rows is as fast for each
    /// as one of many more.
    /// </summary>
    public int SharedPrefillRows { get; init; } = 96;

    /// <summary>Windows in one call of the audio tower while nobody else is there: eight are 832 rows, for which reading the weights is a small part of the arithmetic.</summary>
    public int EncodeWindows { get; init; } = 8;

    /// <summary>Windows in one call beside others.</summary>
    public int SharedEncodeWindows { get; init; } = 1;

    /// <summary>Choices of a pass; fewer where somebody looks at all logits.</summary>
    public int Choices { get; init; } = RaggedBatch.MaxRowCount;

    /// <summary>Sequences that are computed at the same time; more wait.</summary>
    public int Sequences { get; init; } = RaggedBatch.MaxRowCount / 2;
}
