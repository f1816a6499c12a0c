using Steno.Decoding;

namespace Steno.Engine;

/// <summary>Ends a sequence whose last tokens are copies of one piece: a model in a loop does not leave it by itself.</summary>
/// <param name="maxPeriod">Longest piece that is looked for, in tokens.</param>
/// <param name="copies">Copies of a piece of several tokens that end the sequence.</param>
/// <param name="singleCopies">Copies of a single token that end it; more, since digits and syllables do repeat.</param>
internal sealed class RepetitionRule(int maxPeriod, int copies, int singleCopies) : IStopRule
{
    public StopReason Check(ReadOnlySpan<int> tokens)
    {
        for (int period = 1; period <= maxPeriod; period++)
        {
            int length = period * (period == 1 ? singleCopies : copies);
            if (length > tokens.Length) continue;
            ReadOnlySpan<int> tail = tokens[^length..];
            if (tail[period..].SequenceEqual(tail[..^period])) return StopReason.Repetition;
        }

        return StopReason.None;
    }
}
