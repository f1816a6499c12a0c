using Steno.Model;
using Steno.Threading;

namespace Steno.Clips;

/// <summary>How a <see cref="ClipPass"/> runs a model.</summary>
internal sealed record ClipPassOptions
{
    /// <summary>Threads to run on; null for the model's.</summary>
    public WorkerPool? Pool { get; init; }

    /// <summary>Number format of the KV cache.</summary>
    public CachePrecision Cache { get; init; } = CachePrecision.BFloat16;

    /// <summary>Sees what the matrices are multiplied by; null for none.</summary>
    public ILinearTap? InputTap { get; init; }

    /// <summary>Most choices in one forward pass: where somebody looks at the logits, all of these are in memory.</summary>
    public int MaxChoices { get; init; } = RaggedBatch.MaxRowCount;
}
