using Steno.Model;
using Steno.Tensors;

namespace Steno.Decoding;

/// <summary>One sequence on its way through a <see cref="GreedyDecoder"/>: the prompt, the cache, and what has been generated.</summary>
internal sealed class DecodingSequence : IDisposable
{
    private readonly int[] _tokens;
    private readonly Action<int>? _onToken;
    private double _probabilitySum;

    /// <summary>Prepares a sequence.</summary>
    /// <param name="prompt">The prompt with its audio slots.</param>
    /// <param name="audio">Rows for the audio slots, [slots, D]; the caller keeps owning it.</param>
    /// <param name="cache">An empty cache, which the sequence owns from now on.</param>
    /// <param name="maxTokens">Most tokens to generate, at least 1; with the prompt no more than the model has positions, plus 1.</param>
    /// <param name="onToken">Called with each generated token except the stop token; null for none.</param>
    public DecodingSequence(Prompt prompt, AlignedBuffer<float> audio, KvCache cache, int maxTokens, Action<int>? onToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxTokens, 1);
        Prompt = prompt;
        Audio = audio;
        Cache = cache;
        _onToken = onToken;
        _tokens = new int[maxTokens];
    }

    public Prompt Prompt { get; }

    public AlignedBuffer<float> Audio { get; }

    public KvCache Cache { get; }

    /// <summary>Index of this sequence's row among the logits of the forward pass under way, or -1.</summary>
    public int LogitRow { get; set; } = -1;

    public StopReason StopReason { get; private set; }

    public int TokenCount { get; private set; }

    /// <summary>Generated ids, without the stop token.</summary>
    public ReadOnlySpan<int> Tokens => _tokens.AsSpan(0, TokenCount);

    /// <summary>True when generation ended before the model said so.</summary>
    public bool IsTruncated => StopReason == StopReason.TokenLimit;

    /// <summary>Mean probability of the generated tokens; 0 when there are none.</summary>
    public double MeanTokenProbability => TokenCount == 0 ? 0 : _probabilitySum / TokenCount;

    /// <summary>Ends the sequence with a stop token.</summary>
    public void Stop() => StopReason = StopReason.StopToken;

    /// <summary>Appends a generated token and ends the sequence when it hits its limit.</summary>
    public void Append(int token, double probability)
    {
        _tokens[TokenCount++] = token;
        _probabilitySum += probability;
        _onToken?.Invoke(token);
        if (TokenCount == _tokens.Length) StopReason = StopReason.TokenLimit;
    }

    public void Dispose() => Cache.Dispose();
}
