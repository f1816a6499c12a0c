using Steno.Model;
using Steno.Tensors;

namespace Steno.Decoding;

/// <summary>The ids that a transcription starts from.</summary>
/// <param name="Ids">All ids.</param>
/// <param name="AudioStart">Index of the first audio slot; the slots follow each other.</param>
/// <param name="AudioTokenCount">Number of slots, each taking one row of audio embeddings.</param>
internal sealed record Prompt(int[] Ids, int AudioStart, int AudioTokenCount)
{
    /// <summary>Appends one of its rows to a batch: a row of audio in an audio slot, else a token.</summary>
    /// <param name="batch">The batch; not full.</param>
    /// <param name="cache">Cache of the sequence.</param>
    /// <param name="index">Index of the row.</param>
    /// <param name="audio">Rows for the audio slots, [slots, D].</param>
    /// <param name="width">D.</param>
    public unsafe void AddRow(RaggedBatch batch, KvCache cache, int index, AlignedBuffer<float> audio, int width)
    {
        int audioRow = index - AudioStart;
        if (audioRow >= 0 && audioRow < AudioTokenCount) batch.AddEmbedding(cache, audio.Pointer + ((long)audioRow * width));
        else batch.AddToken(cache, Ids[index]);
    }
}
