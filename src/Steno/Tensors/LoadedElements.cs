namespace Steno.Tensors;

/// <summary>Elements of a tensor that are in memory until this is disposed; they keep the indices that they have in the whole tensor.</summary>
internal readonly struct LoadedElements(TensorView tensor, ReadBuffer buffer = default, DerivedTensor? rows = null) : IDisposable
{
    private readonly ReadBuffer _buffer = buffer;

    /// <summary>The tensor, of which only the elements that were asked for may be read.</summary>
    public TensorView Tensor { get; } = tensor;

    public void Dispose()
    {
        _buffer.Dispose();
        rows?.Dispose();
    }
}
