using System.Diagnostics;
using Steno.Clips;
using Steno.Decoding;

namespace Steno.Comparison;

/// <summary>A clip transcribed by a model on its own, each stage timed.</summary>
/// <param name="Tokens">What it generated, without the stop token.</param>
/// <param name="PromptRows">Rows of the prompt.</param>
/// <param name="EncoderTime">Time of the audio encoder.</param>
/// <param name="PrefillTime">Time of the prompt, first token included.</param>
/// <param name="StepTime">Time of what followed.</param>
/// <param name="StepCount">Forward passes that followed.</param>
internal sealed record TimedClip(int[] Tokens, int PromptRows, TimeSpan EncoderTime, TimeSpan PrefillTime, TimeSpan StepTime, int StepCount)
{
    /// <summary>Runs a clip.</summary>
    /// <param name="pass">A model.</param>
    /// <param name="features">The clip; the pass owns it.</param>
    /// <param name="maxTokens">Most tokens to generate.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public static TimedClip Run(ClipPass pass, ClipFeatures features, int maxTokens, CancellationToken cancellationToken)
    {
        TimeSpan encoderTime = pass.Encode(features, AttentionMode.Windowed, cancellationToken);
        long start = Stopwatch.GetTimestamp();
        pass.Generate(maxTokens);
        while (pass.Step(cancellationToken)) continue;
        TimeSpan total = Stopwatch.GetElapsedTime(start);
        int[] tokens = pass.Tokens.ToArray();
        int stepCount = pass.StopReason == StopReason.StopToken ? tokens.Length : tokens.Length - 1;
        return new TimedClip(tokens, pass.PromptIds.Length, encoderTime, pass.PrefillTime, total - pass.PrefillTime, stepCount);
    }
}
