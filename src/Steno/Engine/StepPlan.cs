using System.Runtime.InteropServices;
using Steno.Kernels;
using Steno.Model;

namespace Steno.Engine;

/// <summary>The rows of one forward pass, and whose they are. Filling it again allocates nothing.</summary>
internal sealed class StepPlan
{
    private readonly List<Part> _parts = [];
    private readonly GreedyChoice[] _choices = new GreedyChoice[RaggedBatch.MaxRowCount];
    private readonly int _maxChoices;
    private int _choiceCount;

    /// <summary>Prepares an empty plan.</summary>
    /// <param name="maxChoices">Most choices of a pass.</param>
    public StepPlan(int maxChoices) => _maxChoices = Math.Min(maxChoices, RaggedBatch.MaxRowCount);

    public RaggedBatch Batch { get; } = new();

    public ReadOnlySpan<Part> Parts => CollectionsMarshal.AsSpan(_parts);

    /// <summary>Receives the choices of the pass.</summary>
    public Span<GreedyChoice> Choices => _choices.AsSpan(0, _choiceCount);

    public bool IsFull => Batch.IsFull || _choiceCount == _maxChoices;

    public void Clear()
    {
        Batch.Clear();
        _parts.Clear();
        _choiceCount = 0;
    }

    /// <summary>Adds the next rows of a sequence, for which its cache has room.</summary>
    /// <param name="sequence">The sequence; not in the plan yet.</param>
    /// <param name="maxRows">Most rows.</param>
    public void Add(Sequence sequence, int maxRows)
    {
        (int rows, int choices) = sequence.AddRows(Batch, Math.Min(maxRows, RaggedBatch.MaxRowCount - Batch.RowCount), _maxChoices - _choiceCount);
        _parts.Add(new Part(sequence, rows, _choiceCount, choices));
        _choiceCount += choices;
    }

    /// <summary>The rows of one sequence, and its choices.</summary>
    public readonly record struct Part(Sequence Sequence, int RowCount, int FirstChoice, int ChoiceCount);
}
