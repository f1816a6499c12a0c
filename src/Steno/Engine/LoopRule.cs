using Steno.Decoding;

namespace Steno.Engine;

/// <summary>Ends a sequence that has fallen into a loop: a model does not leave one by itself.</summary>
/// <remarks>
/// Enough copies of a piece (<see cref="TokenLoop"/>) are a loop when the text is more than the speech can hold (<see cref="SpeechRate"/>): people do say a
/// word six times. Four times as many copies are a loop in any case. Text is decoded only where there are copies.
/// </remarks>
/// <param name="decode">Text of tokens.</param>
/// <param name="speech">Time of the speech in the clip.</param>
internal sealed class LoopRule(Func<ReadOnlySpan<int>, string> decode, TimeSpan speech) : IStopRule
{
    private const int CertainFactor = 4;

    public StopReason Check(ReadOnlySpan<int> tokens)
    {
        if (TokenLoop.Find(tokens) is not { } loop) return StopReason.None;
        bool isLoop = loop.Copies >= CertainFactor * TokenLoop.CopiesOf(loop.Period) || SpeechRate.IsExceeded(decode(tokens), speech);
        return isLoop ? StopReason.Repetition : StopReason.None;
    }
}
