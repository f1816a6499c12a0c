using System.Buffers;
using Steno.Tensors;

namespace Steno.Checkpoints.Packed;

/// <summary>The kernels of a convolution, stored [out, kernel height, kernel width, in] as MLX wants them, given [out, in, height, width].</summary>
/// <param name="kernel">The stored tensor.</param>
internal sealed class PermutedKernel(TensorView kernel) : DerivedTensor(kernel.ElementCount / kernel.Shape[0])
{
    /// <inheritdoc/>
    public override string StoredAs => kernel.StoredAs;

    /// <inheritdoc/>
    public override bool IsQuantized => false;

    /// <inheritdoc/>
    public override DType LosslessType => kernel.DType;

    /// <inheritdoc/>
    public override void ReadRow(long row, Span<float> values)
    {
        int channels = (int)kernel.Shape[3];
        int places = ColumnCount / channels;
        float[] stored = ArrayPool<float>.Shared.Rent(ColumnCount);
        kernel.CopyTo(row * ColumnCount, stored.AsSpan(0, ColumnCount));
        for (int place = 0; place < places; place++)
        {
            for (int channel = 0; channel < channels; channel++) values[(channel * places) + place] = stored[(place * channels) + channel];
        }

        ArrayPool<float>.Shared.Return(stored);
    }

    /// <inheritdoc/>
    public override void Release() => Formats.MappedFile.Release(kernel);
}
