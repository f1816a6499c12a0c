using Steno.Model;
using Steno.Tensors;

namespace Steno.Decoding;

/// <summary>One sequence on its way through a <see cref="GreedyDecoder"/>: the prompt, the cache, and what has been generated.</summary>
internal sealed class DecodingSequence : IDisposable
{
    private readonly int[] _tokens;
    private double _probabilitySum;

    /// <summary>Prepares a sequence.</summary>
    /// <param name="prompt">Ids of the prompt; the audio slots hold the id of the audio pad token.</param>
    /// <param name="firstAudioSlot">Index of the first audio slot in <paramref name="prompt"/>.</param>
    /// <param name="audio">Rows for the audio slots, [N, D]; the caller keeps owning it.</param>
    /// <param name="audioRowCount">N.</param>
    /// <param name="cache">An empty cache, which the sequence owns from now on.</param>
    /// <param name="maxTokens">Most tokens to generate, at least 1.</param>
    /// <param name="onToken">Called with each generated token except the stop token; null for none.</param>
    public DecodingSequence(int[] prompt, int firstAudioSlot, AlignedBuffer<float> audio, int audioRowCount, KvCache cache, int maxTokens, Action<int>? onToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxTokens, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstAudioSlot, prompt.Length - audioRowCount);
        Prompt = prompt;
        FirstAudioSlot = firstAudioSlot;
        Audio = audio;
        AudioRowCount = audioRowCount;
        Cache = cache;
        OnToken = onToken;
        _tokens = new int[maxTokens];
    }

    public int[] Prompt { get; }

    public int FirstAudioSlot { get; }

    public AlignedBuffer<float> Audio { get; }

    public int AudioRowCount { get; }

    public KvCache Cache { get; }

    public Action<int>? OnToken { get; }

    /// <summary>Index of this sequence's row among the logits of the forward pass under way, or -1.</summary>
    public int LogitRow { get; set; } = -1;

    public StopReason StopReason { get; private set; }

    public int TokenCount { get; private set; }

    /// <summary>Generated ids, without the stop token.</summary>
    public ReadOnlySpan<int> Tokens => _tokens.AsSpan(0, TokenCount);

    /// <summary>True when generation ended before the model said so.</summary>
    public bool IsTruncated => StopReason is StopReason.TokenLimit or StopReason.PositionLimit;

    /// <summary>Mean probability of the generated tokens; 0 when there are none.</summary>
    public double MeanTokenProbability => TokenCount == 0 ? 0 : _probabilitySum / TokenCount;

    /// <summary>Ends the sequence with a stop token.</summary>
    public void Stop() => StopReason = StopReason.StopToken;

    /// <summary>Appends a generated token and ends the sequence when it hits a limit.</summary>
    public void Append(int token, double probability, int maxPositionCount)
    {
        _tokens[TokenCount++] = token;
        _probabilitySum += probability;
        OnToken?.Invoke(token);
        if (TokenCount == _tokens.Length) StopReason = StopReason.TokenLimit;
        else if (Cache.Length == maxPositionCount) StopReason = StopReason.PositionLimit;
    }

    public void Dispose() => Cache.Dispose();
}
