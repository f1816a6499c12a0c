namespace Steno.Comparison;

/// <summary>What a model takes of disk, memory and time.</summary>
/// <param name="FileBytes">Bytes of its weight files.</param>
/// <param name="MemoryBytes">Bytes of its weights in memory.</param>
/// <param name="EncoderSeconds">Time of the audio encoder for all recordings.</param>
/// <param name="PrefillSeconds">Time of all prompts, first token included.</param>
/// <param name="PromptRows">Rows of all prompts.</param>
/// <param name="StepSeconds">Time of all tokens after the first.</param>
/// <param name="StepCount">How many they are, stop tokens included.</param>
internal sealed record ModelCost(
    long FileBytes, long MemoryBytes, double EncoderSeconds, double PrefillSeconds, long PromptRows, double StepSeconds, long StepCount);
