namespace Steno.Decoding;

/// <summary>The end of a token stream that is one piece again and again.</summary>
/// <param name="Period">Tokens of the piece.</param>
/// <param name="Copies">How often it stands there.</param>
internal readonly record struct TokenLoop(int Period, int Copies)
{
    private const int MaxPeriod = 32;

    /// <summary>Copies of a piece that look like a loop: more of a short one, since digits and syllables do repeat.</summary>
    public static int CopiesOf(int period) => period switch
    {
        <= 2 => 6,
        <= 8 => 4,
        _ => 3,
    };

    /// <summary>Looks for a piece of up to 32 tokens at the end.</summary>
    /// <returns>The shortest piece with enough copies, and all of these; null when there is none.</returns>
    public static TokenLoop? Find(ReadOnlySpan<int> tokens)
    {
        for (int period = 1; period <= MaxPeriod; period++)
        {
            int length = period * CopiesOf(period);
            if (length > tokens.Length) continue;
            ReadOnlySpan<int> tail = tokens[^length..];
            if (tail[period..].SequenceEqual(tail[..^period])) return new TokenLoop(period, CountCopies(tokens, period));
        }

        return null;
    }

    private static int CountCopies(ReadOnlySpan<int> tokens, int period)
    {
        ReadOnlySpan<int> piece = tokens[^period..];
        int copies = 1;
        while ((copies + 1) * period <= tokens.Length && tokens.Slice(tokens.Length - ((copies + 1) * period), period).SequenceEqual(piece)) copies++;
        return copies;
    }
}
