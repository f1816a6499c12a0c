namespace Steno.Engine;

/// <summary>What a sequence begins with and how it goes on.</summary>
internal sealed record SequenceSpec
{
    /// <summary>The prompt. The sequence owns it from its start on.</summary>
    public required PromptRows Prompt { get; init; }

    /// <summary>Most tokens that it may hold, at least 1; with the prompt no more than the model has positions, plus 1.</summary>
    public int MaxTokens { get; init; } = 1;

    /// <summary>Ids that end it.</summary>
    public IReadOnlyList<int> StopTokenIds { get; init; } = [];

    /// <summary>What else ends it, besides <see cref="MaxTokens"/>.</summary>
    public IReadOnlyList<IStopRule> StopRules { get; init; } = [];

    /// <summary>Tokens that the model will probably choose first. They are checked in one pass; the result is the same without them.</summary>
    public ReadOnlyMemory<int> Draft { get; init; }

    /// <summary>
    /// Rows of the prompt, ascending, for which the head's choice is wanted instead of generated tokens: a class for each marker of an aligner, or
    /// what a model would say after each token of a given text. The sequence ends with the prompt. Null to generate.
    /// </summary>
    public IReadOnlyList<int>? ChoiceRows { get; init; }

    /// <summary>What an earlier sequence left: rows at the start that are the same are not computed again. The sequence owns it from its start on.</summary>
    public RetainedPrefix? Prefix { get; init; }

    /// <summary>True to leave a <see cref="RetainedPrefix"/> for the next one.</summary>
    public bool IsRetained { get; init; }
}
