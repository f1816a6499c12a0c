using Steno.Tensors;

namespace Steno.Model;

/// <summary>Memory for the activations of one engine, kept from one forward pass to the next. Not for use by two threads at once.</summary>
/// <remarks>A buffer grows to the largest size asked for, until <see cref="Trim"/>. What bounds that size is the row cap of the stage that asks.</remarks>
internal sealed class ActivationBuffers : IDisposable
{
    private readonly AlignedBuffer<float>?[] _buffers = new AlignedBuffer<float>?[Enum.GetValues<ActivationSlot>().Length];
    private readonly long[] _peaks = new long[Enum.GetValues<ActivationSlot>().Length];

    /// <summary>Bytes that all buffers take.</summary>
    public long ByteCount
    {
        get
        {
            long bytes = 0;
            foreach (AlignedBuffer<float>? buffer in _buffers) bytes += buffer?.ByteCount ?? 0;
            return bytes;
        }
    }

    /// <summary>Memory of at least the given length; its content is undefined, and an earlier buffer of the same slot is gone.</summary>
    public unsafe float* Get(ActivationSlot slot, long length)
    {
        _peaks[(int)slot] = Math.Max(_peaks[(int)slot], length);
        AlignedBuffer<float>? buffer = _buffers[(int)slot];
        if (buffer is null || buffer.Length < length)
        {
            buffer?.Dispose();
            _buffers[(int)slot] = null;
            _buffers[(int)slot] = buffer = new AlignedBuffer<float>(length);
        }

        return buffer.Pointer;
    }

    /// <summary>Frees the buffers that are larger than what was asked for since the call before.</summary>
    public void Trim()
    {
        for (int i = 0; i < _buffers.Length; i++)
        {
            if (_buffers[i] is { } buffer && buffer.Length > _peaks[i])
            {
                buffer.Dispose();
                _buffers[i] = null;
            }

            _peaks[i] = 0;
        }
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
