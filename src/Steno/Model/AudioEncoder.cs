using Steno.Diagnostics;
using Steno.Kernels;
using Steno.Tensors;

namespace Steno.Model;

/// <summary>The audio tower: log-mel frames to rows in the embedding space of the language model. Immutable.</summary>
/// <remarks>
/// Recipe of a layer: x += out_proj(attention(LN(x))); x += fc2(gelu(fc1(LN(x)))). After the last: proj2(gelu(proj1(ln_post(x)))).
/// Attention stays inside windows, of 104 tokens (8 s) as the model was trained; windows of any clips go through all layers together.
/// </remarks>
internal sealed unsafe class AudioEncoder
{
    private const float LayerNormEpsilon = 1e-5f;

    private readonly AudioEncoderConfig _config;
    private readonly AudioEncoderWeights _weights;
    private readonly KernelRunner _runner;
    private readonly ConvStem _stem;

    public AudioEncoder(AudioEncoderConfig config, AudioEncoderWeights weights, KernelRunner runner)
    {
        _config = config;
        _weights = weights;
        _runner = runner;
        _stem = new ConvStem(config, weights, runner);
    }

    public AudioEncoderConfig Config => _config;

    /// <summary>Encodes windows of any clips.</summary>
    /// <param name="windows">At least one. Memory grows with the rows of all.</param>
    /// <param name="buffers">Memory to work in.</param>
    /// <param name="tap">Sees the activations; null for none. The windows are then neighbours in one clip.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public void Encode(ReadOnlySpan<EncoderWindow> windows, ActivationBuffers buffers, ITensorTap? tap, CancellationToken cancellationToken)
    {
        var layout = new WindowLayout(windows, _config);
        int rowCount = layout.RowCount;
        long firstRow = windows[0].FirstRow;
        float* hidden = buffers.Get(ActivationSlot.Hidden, (long)rowCount * _config.Width);
        for (int i = 0; i < windows.Length; i++)
        {
            float* rows = hidden + ((long)layout.FirstRow(i) * _config.Width);
            _stem.Run(windows[i].Mel, windows[i].FrameCount, windows[i].IsPadded, buffers, rows, cancellationToken);
        }

        Tap(tap, "stem", firstRow, hidden, rowCount, _config.Width);
        for (int i = 0; i < _weights.Layers.Length; i++)
        {
            Layer(_weights.Layers[i], hidden, layout, buffers, cancellationToken);
            if (tap is not null) Tap(tap, $"encoder.{i}", firstRow, hidden, rowCount, _config.Width);
        }

        float* output = buffers.Get(ActivationSlot.AudioRows, (long)rowCount * _config.OutputWidth);
        Project(hidden, rowCount, buffers, output, cancellationToken);
        Tap(tap, "audio", firstRow, output, rowCount, _config.OutputWidth);
        for (int i = 0; i < windows.Length; i++)
        {
            long bytes = (long)layout.RowCountOf(i) * _config.OutputWidth * sizeof(float);
            Buffer.MemoryCopy(output + ((long)layout.FirstRow(i) * _config.OutputWidth), windows[i].Output, bytes, bytes);
        }
    }

    private static void Tap(ITensorTap? tap, string name, long firstRow, float* rows, int rowCount, int width) =>
        tap?.OnRows(name, firstRow, new Span<float>(rows, checked(rowCount * width)));

    private void Layer(AudioEncoderLayerWeights layer, float* hidden, WindowLayout layout, ActivationBuffers buffers, CancellationToken cancellationToken)
    {
        int rowCount = layout.RowCount;
        int width = _config.Width;
        float* normed = buffers.Get(ActivationSlot.Normed, RowTiles.Length(rowCount, width));
        float* queryKeyValue = buffers.Get(ActivationSlot.QueryKeyValue, 3L * rowCount * width);
        Normalize(layer.SelfAttentionLayerNorm, hidden, normed, rowCount, layer.QueryKeyValue.Weight, buffers, cancellationToken);
        Multiply(layer.QueryKeyValue, normed, rowCount, queryKeyValue, GemmEpilogue.Store, isOutputTiled: false, buffers, cancellationToken);
        Attend(queryKeyValue, layout, normed, layer.OutProj.Weight, buffers, cancellationToken);
        Multiply(layer.OutProj, normed, rowCount, hidden, GemmEpilogue.Add, isOutputTiled: false, buffers, cancellationToken);

        float* inner = buffers.Get(ActivationSlot.FeedForward, RowTiles.Length(rowCount, _config.FeedForwardWidth));
        Normalize(layer.FinalLayerNorm, hidden, normed, rowCount, layer.Fc1.Weight, buffers, cancellationToken);
        Multiply(layer.Fc1, normed, rowCount, inner, GemmEpilogue.Gelu, layer.Fc2.Weight.InputShape(rowCount).Height > 1, buffers, cancellationToken);
        Multiply(layer.Fc2, inner, rowCount, hidden, GemmEpilogue.Add, isOutputTiled: false, buffers, cancellationToken);
    }

    private void Attend(float* queryKeyValue, WindowLayout layout, float* tiles, PackedMatrix next, ActivationBuffers buffers, CancellationToken cancellationToken)
    {
        float* scratch = buffers.Get(ActivationSlot.AttentionScratch, _runner.Pool.ThreadCount * WindowAttentionWork.ScratchLength(_config, layout.LongestRowCount));
        TileShape shape = next.InputShape(layout.RowCount);
        RowTiles.ClearLast(tiles, _config.Width, shape);
        var work = new WindowAttentionWork(_config, queryKeyValue, layout, scratch, tiles, shape, _runner.Path);
        _runner.Pool.Run(work, work.ItemCount, cancellationToken);
    }

    private void Project(float* hidden, int rowCount, ActivationBuffers buffers, float* output, CancellationToken cancellationToken)
    {
        float* normed = buffers.Get(ActivationSlot.Normed, RowTiles.Length(rowCount, _config.Width));
        float* inner = buffers.Get(ActivationSlot.FeedForward, RowTiles.Length(rowCount, _config.Width));
        Normalize(_weights.LnPost, hidden, normed, rowCount, _weights.Proj1.Weight, buffers, cancellationToken);
        Multiply(_weights.Proj1, normed, rowCount, inner, GemmEpilogue.Gelu, _weights.Proj2.Weight.InputShape(rowCount).Height > 1, buffers, cancellationToken);
        Multiply(_weights.Proj2, inner, rowCount, output, GemmEpilogue.Store, isOutputTiled: false, buffers, cancellationToken);
    }

    private void Normalize((AlignedBuffer<float> Weight, AlignedBuffer<float> Bias) norm, float* input, float* tiles, int rowCount, PackedMatrix next, ActivationBuffers buffers, CancellationToken cancellationToken) =>
        _runner.LayerNorm(input, norm.Weight.Pointer, norm.Bias.Pointer, tiles, rowCount, next, LayerNormEpsilon, buffers, cancellationToken);

    private void Multiply(Linear linear, float* tiles, int rowCount, float* output, GemmEpilogue epilogue, bool isOutputTiled, ActivationBuffers buffers, CancellationToken cancellationToken)
    {
        var operands = new GemmOperands
        {
            Input = tiles,
            RowCount = rowCount,
            Bias = linear.Bias.Pointer,
            Output = output,
            IsOutputTiled = isOutputTiled,
            Epilogue = epilogue,
        };
        _runner.Multiply(operands, linear.Weight, buffers, cancellationToken);
    }
}
