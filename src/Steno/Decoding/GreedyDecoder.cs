using Steno.Diagnostics;
using Steno.Kernels;
using Steno.Model;

namespace Steno.Decoding;

/// <summary>Generates the most likely token again and again, for any number of sequences at once.</summary>
/// <remarks>
/// A limit hit at the very token that would have been a stop token is still reported as a limit: whether the model would have stopped there
/// takes one more step to know.
/// </remarks>
internal sealed class GreedyDecoder(TextDecoder decoder, IReadOnlyList<int> stopTokenIds)
{
    private readonly GreedyChoice[] _choices = new GreedyChoice[RaggedBatch.MaxRowCount];

    /// <summary>Runs prefill and decode steps until every sequence has ended.</summary>
    /// <param name="sequences">Sequences with empty caches.</param>
    /// <param name="buffers">Memory to work in.</param>
    /// <param name="tap">Sees the activations; null for none.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="ModelFormatException">The model computes numbers that are not finite.</exception>
    public void Decode(IReadOnlyList<DecodingSequence> sequences, ActivationBuffers buffers, ITensorTap? tap, CancellationToken cancellationToken)
    {
        var batch = new RaggedBatch();
        Prefill(sequences, batch, buffers, tap, cancellationToken);
        while (AddDecodeStep(sequences, batch, buffers, tap, cancellationToken))
            Forward(sequences, batch, buffers, tap, cancellationToken);
    }

    private void Prefill(IReadOnlyList<DecodingSequence> sequences, RaggedBatch batch, ActivationBuffers buffers, ITensorTap? tap, CancellationToken cancellationToken)
    {
        foreach (DecodingSequence sequence in sequences)
        {
            Prompt prompt = sequence.Prompt;
            for (int i = 0; i < prompt.Ids.Length; i++)
            {
                if (batch.IsFull) Forward(sequences, batch, buffers, tap, cancellationToken);
                prompt.AddRow(batch, sequence.Cache, i, sequence.Audio, decoder.Config.Width);
            }

            sequence.LogitRow = batch.RequestLogits();
        }

        if (batch.RowCount > 0) Forward(sequences, batch, buffers, tap, cancellationToken);
    }

    // False when no sequence goes on.
    private bool AddDecodeStep(IReadOnlyList<DecodingSequence> sequences, RaggedBatch batch, ActivationBuffers buffers, ITensorTap? tap, CancellationToken cancellationToken)
    {
        bool goesOn = false;
        for (int i = 0; i < sequences.Count; i++)
        {
            DecodingSequence sequence = sequences[i];
            if (sequence.StopReason != StopReason.None) continue;
            if (batch.IsFull) Forward(sequences, batch, buffers, tap, cancellationToken);
            batch.AddToken(sequence.Cache, sequence.Tokens[^1]);
            sequence.LogitRow = batch.RequestLogits();
            goesOn = true;
        }

        return goesOn;
    }

    private void Forward(IReadOnlyList<DecodingSequence> sequences, RaggedBatch batch, ActivationBuffers buffers, ITensorTap? tap, CancellationToken cancellationToken)
    {
        decoder.Forward(batch, _choices, buffers, tap, cancellationToken);
        for (int i = 0; i < sequences.Count; i++)
        {
            DecodingSequence sequence = sequences[i];
            if (sequence.LogitRow < 0) continue;
            Accept(sequence, _choices[sequence.LogitRow]);
            sequence.LogitRow = -1;
        }

        batch.Clear();
    }

    private void Accept(DecodingSequence sequence, GreedyChoice choice)
    {
        if (double.IsNaN(choice.Probability))
            throw new ModelFormatException("the model computes logits that are not finite; its weights are damaged or not of this architecture");

        for (int i = 0; i < stopTokenIds.Count; i++)
        {
            if (stopTokenIds[i] != choice.Index) continue;
            sequence.Stop();
            return;
        }

        sequence.Append(choice.Index, choice.Probability);
    }
}
