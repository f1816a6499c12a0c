using Steno.Tensors;

namespace Steno.Model;

/// <summary>Memory for the activations of one engine loop, kept from one forward pass to the next. Not for use by two threads at once.</summary>
/// <remarks>A buffer grows to the largest size asked for. What bounds that size is the row cap of the stage that asks.</remarks>
internal sealed class ActivationBuffers : IDisposable
{
    private readonly AlignedBuffer<float>?[] _buffers = new AlignedBuffer<float>?[Enum.GetValues<ActivationSlot>().Length];

    /// <summary>Memory of at least the given length; its content is undefined, and an earlier buffer of the same slot is gone.</summary>
    public unsafe float* Get(ActivationSlot slot, long length)
    {
        AlignedBuffer<float>? buffer = _buffers[(int)slot];
        if (buffer is null || buffer.Length < length)
        {
            buffer?.Dispose();
            _buffers[(int)slot] = null;
            _buffers[(int)slot] = buffer = new AlignedBuffer<float>(length);
        }

        return buffer.Pointer;
    }

    public void Dispose()
    {
        for (int i = 0; i < _buffers.Length; i++)
        {
            _buffers[i]?.Dispose();
            _buffers[i] = null;
        }
    }
}
