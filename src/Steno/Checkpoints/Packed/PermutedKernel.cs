using System.Buffers;
using Steno.Tensors;

namespace Steno.Checkpoints.Packed;

/// <summary>The kernels of a convolution, stored [out, kernel height, kernel width, in] as MLX wants them, given [out, in, height, width].</summary>
/// <param name="kernel">The stored tensor, or some loaded rows of it.</param>
internal sealed class PermutedKernel(LoadedElements kernel) : DerivedTensor(kernel.Tensor.ElementCount / kernel.Tensor.Shape[0])
{
    /// <inheritdoc/>
    public override string StoredAs => kernel.Tensor.StoredAs;

    /// <inheritdoc/>
    public override bool IsQuantized => false;

    /// <inheritdoc/>
    public override DType LosslessType => kernel.Tensor.DType;

    /// <inheritdoc/>
    public override DerivedTensor Load(long firstRow, long rowCount) => new PermutedKernel(kernel.Tensor.Load(firstRow * ColumnCount, rowCount * ColumnCount));

    /// <inheritdoc/>
    public override void ReadRow(long row, Span<float> values)
    {
        int channels = (int)kernel.Tensor.Shape[3];
        int places = ColumnCount / channels;
        float[] stored = ArrayPool<float>.Shared.Rent(ColumnCount);
        kernel.Tensor.CopyTo(row * ColumnCount, stored.AsSpan(0, ColumnCount));
        for (int place = 0; place < places; place++)
        {
            for (int channel = 0; channel < channels; channel++) values[(channel * places) + place] = stored[(place * channels) + channel];
        }

        ArrayPool<float>.Shared.Return(stored);
    }

    /// <inheritdoc/>
    public override void Dispose() => kernel.Dispose();
}
