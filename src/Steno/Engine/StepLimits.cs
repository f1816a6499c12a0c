using Steno.Model;

namespace Steno.Engine;

/// <summary>How much an engine takes on at once. None of it changes a result.</summary>
internal sealed record StepLimits
{
    /// <summary>Rows of a prompt in one pass while nobody else is there: a newcomer waits for no more, and reading the weights is still a small part of it.</summary>
    public int PrefillRows { get; init; } = RaggedBatch.MaxRowCount / 2;

    /// <summary>
    /// Rows of a prompt in one pass beside others: they wait no longer than that for their next token, and a product of so many rows is as fast for each
    /// as one of many more. A prompt that ends within <see cref="PrefillRows"/> is not cut: its first token is worth more than the others' next.
    /// </summary>
    public int SharedPrefillRows { get; init; } = 96;

    /// <summary>Rows of a prompt in one pass while the prompt of a clip that was just encoded is on its way.</summary>
    public int HandoverRows { get; init; } = 32;

    /// <summary>
    /// Rows in one call of the audio tower while nobody else is there: eight windows, for which reading the weights is a small part of the arithmetic.
    /// A call has at least one window, whatever its rows.
    /// </summary>
    public int EncodeRows { get; init; } = 832;

    /// <summary>Rows in one call beside others: two whole windows, 16 seconds, or the windows of several short clips.</summary>
    public int SharedEncodeRows { get; init; } = 208;

    /// <summary>Choices of a pass; fewer where somebody looks at all logits.</summary>
    public int Choices { get; init; } = RaggedBatch.MaxRowCount;

    /// <summary>Sequences that are computed at the same time; more wait.</summary>
    public int Sequences { get; init; } = RaggedBatch.MaxRowCount / 2;
}
