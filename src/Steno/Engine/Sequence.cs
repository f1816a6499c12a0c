using System.Diagnostics;
using Steno.Decoding;
using Steno.Kernels;
using Steno.Model;

namespace Steno.Engine;

/// <summary>One prompt and what is generated from it. The engine's thread advances it; anybody may read what is published, and cancel it.</summary>
/// <remarks>
/// Its rows are the prompt's, then the tokens: those that the model chose (verified), then the rest of a draft. Whatever of these rows the cache
/// lacks is still to be computed: a whole prompt, the last token, or, for a sequence that had to give its pages back, everything again. Since a row
/// has the same bits in whatever pass it is computed, its choices do not depend on any of that.
/// </remarks>
internal sealed class Sequence
{
    private readonly SequenceSpec _spec;
    private readonly int[] _tokens;
    private readonly GreedyChoice[] _choices;
    private readonly SequenceSignal _signal = new();
    private int _verifiedCount;
    private int _rowCount;
    private int _choiceCount;
    private int _tokenCount;
    private double _probabilitySum;
    private volatile bool _isCancelRequested;

    public Sequence(SequenceSpec spec)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(spec.MaxTokens, 1, nameof(spec));
        _spec = spec;
        bool isGenerating = spec.ChoiceRows is null;
        _choices = isGenerating ? [] : new GreedyChoice[spec.ChoiceRows!.Count];
        _tokens = isGenerating ? new int[spec.MaxTokens] : [];
        ReadOnlySpan<int> draft = isGenerating ? spec.Draft.Span[..Math.Min(spec.Draft.Length, spec.MaxTokens - 1)] : [];
        draft.CopyTo(_tokens);
        _verifiedCount = spec.Prompt.Count;
        _rowCount = _verifiedCount + draft.Length;
    }

    /// <summary>Tokens that were published, without the stop token.</summary>
    public int TokenCount => Volatile.Read(ref _tokenCount);

    /// <summary>The published tokens.</summary>
    public ReadOnlySpan<int> Tokens => _tokens.AsSpan(0, TokenCount);

    /// <summary>What the head chose at <see cref="SequenceSpec.ChoiceRows"/>; complete once the sequence has ended.</summary>
    public IReadOnlyList<GreedyChoice> Choices => _choices;

    /// <summary>Why it ended; of a whole sequence.</summary>
    public StopReason StopReason { get; private set; }

    /// <summary>True when generation ended before the model said so.</summary>
    public bool IsTruncated => StopReason is not (StopReason.None or StopReason.StopToken);

    /// <summary>Mean probability of the generated tokens; 0 when there are none.</summary>
    public double MeanTokenProbability => TokenCount == 0 ? 0 : _probabilitySum / TokenCount;

    /// <summary>Ends when the sequence has: faulted with what stopped it, or cancelled.</summary>
    public Task Completion => _signal.Completion;

    /// <summary>What it left for the next one; null before its end, and when that was not asked for.</summary>
    public RetainedPrefix? Retained { get; private set; }

    /// <summary>Draft tokens that turned out right.</summary>
    public int AcceptedDraftCount { get; private set; }

    /// <summary>When its first rows were computed, and its first token was chosen, as <see cref="Stopwatch"/> counts; 0 before.</summary>
    public long StartTimestamp { get; private set; }

    public long FirstTokenTimestamp { get; private set; }

    /// <summary>Order of arrival at the engine.</summary>
    internal long Number { get; set; }

    /// <summary>The cache; null while the sequence waits to be admitted, and after its end.</summary>
    internal KvCache? Cache { get; private set; }

    internal bool IsCancelRequested => _isCancelRequested;

    /// <summary>True when a pass with it failed: it is then tried alone.</summary>
    internal bool IsSuspect { get; set; }

    /// <summary>Rows so far: prompt, chosen tokens, draft.</summary>
    internal int RowCount => _rowCount;

    /// <summary>Whether rows before the last known one are missing in the cache.</summary>
    internal bool IsPrefilling => Cache!.Length < _verifiedCount - 1;

    /// <summary>Waits for more than a number of tokens, or the end.</summary>
    /// <returns>False at the end, with no more tokens than that.</returns>
    /// <exception cref="OperationCanceledException">The sequence was cancelled.</exception>
    public async ValueTask<bool> WaitAsync(int seenCount)
    {
        while (true)
        {
            bool isEnd = Completion.IsCompleted;
            if (isEnd && !Completion.IsCompletedSuccessfully) await Completion.ConfigureAwait(false);
            if (TokenCount > seenCount) return true;
            if (isEnd) return false;
            await _signal.WaitAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Asks the engine to drop the sequence; whoever waits for it is told at once.</summary>
    internal void RequestCancel(CancellationToken cancellationToken)
    {
        _isCancelRequested = true;
        _signal.Cancel(cancellationToken);
    }

    /// <summary>Gives it a cache, empty or with its first rows.</summary>
    internal void Admit(KvCache cache) => Cache = cache;

    /// <summary>Takes the cache away, to be computed again later.</summary>
    internal void Evict()
    {
        Cache!.Dispose();
        Cache = null;
    }

    /// <summary>Adds the next rows to a batch, from the first one that the cache lacks.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="maxRows">Most rows to add, at least 1; for so many the cache has room.</param>
    /// <param name="maxChoices">Most choices to ask for, at least 1.</param>
    /// <returns>Rows and choices that were added.</returns>
    internal (int Rows, int Choices) AddRows(RaggedBatch batch, int maxRows, int maxChoices)
    {
        int first = Cache!.Length;
        int row = first;
        int choices = 0;
        for (; row < _rowCount && row - first < maxRows; row++)
        {
            bool wantsChoice = WantsChoice(row, choices);
            if (wantsChoice && choices == maxChoices) break;
            if (row < _spec.Prompt.Count) _spec.Prompt.AddTo(batch, Cache, row);
            else batch.AddToken(Cache, row, _tokens[row - _spec.Prompt.Count]);
            if (!wantsChoice) continue;
            batch.RequestLogits();
            choices++;
        }

        if (StartTimestamp == 0) StartTimestamp = Stopwatch.GetTimestamp();
        return (row - first, choices);
    }

    /// <summary>Takes what came of its rows.</summary>
    /// <param name="rowCount">Rows that were computed.</param>
    /// <param name="choices">What the head chose at those that asked.</param>
    /// <exception cref="ModelFormatException">The model computes numbers that are not finite.</exception>
    internal void Accept(int rowCount, ReadOnlySpan<GreedyChoice> choices)
    {
        Cache!.Commit(Cache.Length + rowCount);
        foreach (GreedyChoice choice in choices)
        {
            if (double.IsNaN(choice.Probability))
                throw new ModelFormatException("the model computes logits that are not finite; its weights are damaged or not of this architecture");
            if (_spec.ChoiceRows is not null) _choices[_choiceCount++] = choice;
            else if (!AcceptToken(choice)) break;
        }

        if (_spec.ChoiceRows is not null && Cache.Length == _rowCount) StopReason = StopReason.StopToken;
        if (FirstTokenTimestamp == 0 && choices.Length > 0) FirstTokenTimestamp = Stopwatch.GetTimestamp();
    }

    /// <summary>Ends the sequence and gives back what it holds.</summary>
    /// <param name="fault">What stopped it; null when it is whole.</param>
    internal void End(Exception? fault)
    {
        bool isRetained = fault is null && _spec.IsRetained && !IsCancelRequested && Cache is { Length: > 0 };
        if (isRetained) Retained = new RetainedPrefix(_spec.Prompt, _tokens[..(Cache!.Length - Math.Min(Cache.Length, _spec.Prompt.Count))], Cache);
        else
        {
            Cache?.Dispose();
            _spec.Prompt.Dispose();
        }

        Cache = null;
        _spec.Prefix?.Drop();
        if (fault is null) _signal.Complete();
        else _signal.Fault(fault);
    }

    /// <summary>Tells readers of new tokens.</summary>
    internal void Publish()
    {
        int count = _spec.ChoiceRows is null ? _verifiedCount - _spec.Prompt.Count : 0;
        if (count == _tokenCount) return;
        Volatile.Write(ref _tokenCount, count);
        _signal.Set();
    }

    /// <summary>What the sequence begins with.</summary>
    internal SequenceSpec Spec => _spec;

    private bool WantsChoice(int row, int pendingChoices)
    {
        if (_spec.ChoiceRows is not { } rows) return row >= _verifiedCount - 1;
        int next = _choiceCount + pendingChoices;
        return next < rows.Count && rows[next] == row;
    }

    // Takes the choice of the last verified row. True when it is the next token of the draft: then the choice of that one counts too.
    private bool AcceptToken(GreedyChoice choice)
    {
        for (int i = 0; i < _spec.StopTokenIds.Count; i++)
        {
            if (_spec.StopTokenIds[i] != choice.Index) continue;
            StopReason = StopReason.StopToken;
            return ForgetDraft(_verifiedCount);
        }

        int index = _verifiedCount - _spec.Prompt.Count;
        bool isDrafted = _verifiedCount < _rowCount && _tokens[index] == choice.Index;
        _tokens[index] = choice.Index;
        _probabilitySum += choice.Probability;
        _verifiedCount++;
        if (isDrafted) AcceptedDraftCount++;
        ReadOnlySpan<int> tokens = _tokens.AsSpan(0, index + 1);
        StopReason = tokens.Length == _tokens.Length ? StopReason.TokenLimit : StopReason.None;
        for (int i = 0; StopReason == StopReason.None && i < _spec.StopRules.Count; i++) StopReason = _spec.StopRules[i].Check(tokens);
        return (isDrafted && StopReason == StopReason.None) || ForgetDraft(_verifiedCount - 1);
    }

    // What the cache holds beyond the kept rows belongs to tokens that were not chosen.
    private bool ForgetDraft(int keptRows)
    {
        _rowCount = _verifiedCount;
        Cache!.Truncate(Math.Min(Cache.Length, keptRows));
        return false;
    }
}
