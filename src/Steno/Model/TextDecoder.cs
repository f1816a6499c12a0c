using Steno.Diagnostics;
using Steno.Kernels;

namespace Steno.Model;

/// <summary>The Qwen3 language model. Immutable: what a sequence has seen lies in its <see cref="KvCache"/>.</summary>
/// <remarks>
/// Recipe of a layer: x += o_proj(attention(RMS(x))); x += down_proj(silu(gate_proj(RMS(x))) * up_proj(RMS(x))). Queries and keys get an
/// RMSNorm over each head, then the rotation. After the last layer: logits = lm_head * norm(x).
/// </remarks>
internal sealed unsafe class TextDecoder
{
    private readonly TextDecoderConfig _config;
    private readonly TextDecoderWeights _weights;
    private readonly KernelRunner _runner;
    private readonly double[] _ropeFrequencies;

    public TextDecoder(TextDecoderConfig config, TextDecoderWeights weights, KernelRunner runner)
    {
        _config = config;
        _weights = weights;
        _runner = runner;
        _ropeFrequencies = Rope.Frequencies(config.RopeTheta, config.HeadWidth);
    }

    public TextDecoderConfig Config => _config;

    /// <summary>Runs all rows of a batch through the model, writes their keys and values, and makes the greedy choice of the rows that asked for it.</summary>
    /// <param name="batch">At least one row.</param>
    /// <param name="choices">Receives one choice for each of <see cref="RaggedBatch.LogitRows"/>.</param>
    /// <param name="buffers">Memory to work in.</param>
    /// <param name="tap">Sees the activations; null for none.</param>
    /// <param name="cancellationToken">Stops the work; the reserved positions then hold nothing of use.</param>
    public void Forward(RaggedBatch batch, Span<GreedyChoice> choices, ActivationBuffers buffers, ITensorTap? tap, CancellationToken cancellationToken)
    {
        int rowCount = batch.RowCount;
        float* hidden = buffers.Get(ActivationSlot.Hidden, (long)rowCount * _config.Width);
        Embed(batch, hidden);
        float* angles = buffers.Get(ActivationSlot.RotaryAngles, (long)rowCount * _config.HeadWidth);
        FillAngles(batch, angles);
        for (int i = 0; i < _weights.Layers.Length; i++)
        {
            SelfAttention(i, batch, hidden, angles, buffers, cancellationToken);
            FeedForward(_weights.Layers[i], hidden, rowCount, buffers, cancellationToken);
            tap?.OnRows($"decoder.{i}", 0, new Span<float>(hidden, rowCount * _config.Width));
        }

        if (tap is not null) TapNorm(tap, hidden, rowCount, buffers);
        Choose(batch, hidden, choices[..batch.LogitRows.Length], buffers, tap, cancellationToken);
    }

    private void Embed(RaggedBatch batch, float* hidden)
    {
        foreach (ref readonly BatchRow row in batch.Rows)
        {
            var target = new Span<float>(hidden, _config.Width);
            if (row.Embedding is null) _weights.EmbedTokens.CopyRow(row.TokenId, target);
            else new ReadOnlySpan<float>(row.Embedding, _config.Width).CopyTo(target);
            hidden += _config.Width;
        }
    }

    private void FillAngles(RaggedBatch batch, float* angles)
    {
        foreach (ref readonly BatchRow row in batch.Rows)
        {
            Rope.FillAngles(row.Position, _ropeFrequencies, angles, angles + (_config.HeadWidth / 2));
            angles += _config.HeadWidth;
        }
    }

    private void SelfAttention(int index, RaggedBatch batch, float* hidden, float* angles, ActivationBuffers buffers, CancellationToken cancellationToken)
    {
        TextDecoderLayerWeights layer = _weights.Layers[index];
        int rowCount = batch.RowCount;
        int queryKeyValueWidth = _config.QueryWidth + (2 * _config.KeyWidth);
        float* normed = buffers.Get(ActivationSlot.Normed, RowTiles.Length(rowCount, Math.Max(_config.Width, _config.QueryWidth)));
        float* queryKeyValue = buffers.Get(ActivationSlot.QueryKeyValue, (long)rowCount * queryKeyValueWidth);
        _runner.RmsNorm(hidden, layer.InputLayernorm.Pointer, normed, rowCount, layer.QueryKeyValue, _config.RmsNormEpsilon, buffers, cancellationToken);
        Multiply(layer.QueryKeyValue, normed, rowCount, queryKeyValue, GemmEpilogue.Store, isOutputTiled: false, buffers, cancellationToken);
        _runner.Pool.Run(new CacheWriteWork(_config, layer, index, batch, queryKeyValue, angles, _runner.Path), rowCount, cancellationToken);
        Attend(index, batch, queryKeyValue, normed, layer.OProj, buffers, cancellationToken);
        Multiply(layer.OProj, normed, rowCount, hidden, GemmEpilogue.Add, isOutputTiled: false, buffers, cancellationToken);
    }

    private void Attend(int index, RaggedBatch batch, float* queryKeyValue, float* tiles, PackedMatrix next, ActivationBuffers buffers, CancellationToken cancellationToken)
    {
        int longest = 0;
        foreach (ref readonly BatchRow row in batch.Rows) longest = Math.Max(longest, row.Position + 1);
        long scratchLength = Attention.ScratchLength(_config.HeadWidth, longest, _config.HeadCount / _config.KvHeadCount);
        float* scratch = buffers.Get(ActivationSlot.AttentionScratch, _runner.Pool.ThreadCount * scratchLength);
        TileShape shape = next.InputShape(batch.RowCount);
        RowTiles.ClearLast(tiles, _config.QueryWidth, shape);
        var attention = new CachedAttentionWork(_config, index, batch, queryKeyValue, scratch, scratchLength, tiles, shape, _runner.Path);
        _runner.Pool.Run(attention, batch.RunCount * _config.KvHeadCount, cancellationToken);
    }

    private void FeedForward(TextDecoderLayerWeights layer, float* hidden, int rowCount, ActivationBuffers buffers, CancellationToken cancellationToken)
    {
        float* normed = buffers.Get(ActivationSlot.Normed, RowTiles.Length(rowCount, _config.Width));
        float* inner = buffers.Get(ActivationSlot.FeedForward, RowTiles.Length(rowCount, _config.FeedForwardWidth));
        _runner.RmsNorm(hidden, layer.PostAttentionLayernorm.Pointer, normed, rowCount, layer.GateUp, _config.RmsNormEpsilon, buffers, cancellationToken);
        Multiply(layer.GateUp, normed, rowCount, inner, GemmEpilogue.SwiGlu, layer.DownProj.InputShape(rowCount).Height > 1, buffers, cancellationToken);
        Multiply(layer.DownProj, inner, rowCount, hidden, GemmEpilogue.Add, isOutputTiled: false, buffers, cancellationToken);
    }

    private void Choose(RaggedBatch batch, float* hidden, Span<GreedyChoice> choices, ActivationBuffers buffers, ITensorTap? tap, CancellationToken cancellationToken)
    {
        int count = choices.Length;
        if (count == 0) return;
        float* rows = buffers.Get(ActivationSlot.RowScratch, (long)count * _config.Width);
        float* normed = buffers.Get(ActivationSlot.Normed, RowTiles.Length(count, _config.Width));
        for (int i = 0; i < count; i++)
        {
            float* row = hidden + ((long)batch.LogitRows[i] * _config.Width);
            RmsNorm.Apply(row, _weights.Norm.Pointer, rows + ((long)i * _config.Width), _config.Width, _config.RmsNormEpsilon, _runner.Path);
        }

        float* input = _runner.Pack(rows, normed, count, _weights.LmHead, cancellationToken);
        _runner.Choose(input, _weights.LmHead, choices, buffers, cancellationToken);
        if (tap is null) return;
        float* logits = buffers.Get(ActivationSlot.Logits, (long)count * _config.VocabularySize);
        Multiply(_weights.LmHead, input, count, logits, GemmEpilogue.Store, isOutputTiled: false, buffers, cancellationToken);
        tap.OnRows("logits", 0, new Span<float>(logits, checked(count * _config.VocabularySize)));
    }

    private void TapNorm(ITensorTap tap, float* hidden, int rowCount, ActivationBuffers buffers)
    {
        float* normed = buffers.Get(ActivationSlot.Normed, (long)rowCount * _config.Width);
        for (int i = 0; i < rowCount; i++)
            RmsNorm.Apply(hidden + ((long)i * _config.Width), _weights.Norm.Pointer, normed + ((long)i * _config.Width), _config.Width, _config.RmsNormEpsilon, _runner.Path);
        tap.OnRows("norm", 0, new Span<float>(normed, rowCount * _config.Width));
    }

    private void Multiply(PackedMatrix weight, float* tiles, int rowCount, float* output, GemmEpilogue epilogue, bool isOutputTiled, ActivationBuffers buffers, CancellationToken cancellationToken)
    {
        var operands = new GemmOperands { Input = tiles, RowCount = rowCount, Output = output, IsOutputTiled = isOutputTiled, Epilogue = epilogue };
        _runner.Multiply(operands, weight, buffers, cancellationToken);
    }
}
