namespace Steno.Decoding;

/// <summary>The ids that a transcription starts from.</summary>
/// <param name="Ids">All ids.</param>
/// <param name="AudioStart">Index of the first audio slot; the slots follow each other.</param>
/// <param name="AudioTokenCount">Number of slots, each taking one row of audio embeddings.</param>
internal sealed record Prompt(int[] Ids, int AudioStart, int AudioTokenCount);
