using Steno.Decoding;

namespace Steno.Engine;

/// <summary>Says when a sequence has to end although the model has not chosen a stop token. Called on the engine's thread after each token.</summary>
internal interface IStopRule
{
    /// <summary>Looks at what was generated.</summary>
    /// <param name="tokens">All tokens so far, at least one.</param>
    /// <returns><see cref="StopReason.None"/> to go on.</returns>
    StopReason Check(ReadOnlySpan<int> tokens);
}
