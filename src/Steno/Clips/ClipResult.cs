using Steno.Decoding;

namespace Steno.Clips;

/// <summary>What came of a clip.</summary>
/// <param name="AudioRows">Output of the audio tower, [N, H] row-major.</param>
/// <param name="AudioTokenCount">N.</param>
/// <param name="PromptIds">What the decoder began with; empty when it did not run.</param>
/// <param name="Tokens">What it generated, without the stop token.</param>
/// <param name="StopReason">Why it ended.</param>
internal sealed record ClipResult(float[] AudioRows, int AudioTokenCount, int[] PromptIds, int[] Tokens, StopReason StopReason);
