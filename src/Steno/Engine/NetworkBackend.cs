using Steno.Diagnostics;
using Steno.Kernels;
using Steno.Model;

namespace Steno.Engine;

/// <summary>Steno's own networks.</summary>
/// <param name="config">Dimensions of the model.</param>
/// <param name="encoder">The audio tower.</param>
/// <param name="decoder">The language model.</param>
internal sealed class NetworkBackend(ModelConfig config, AudioEncoder encoder, TextDecoder decoder) : IModelBackend
{
    private readonly ActivationBuffers _buffers = new();

    /// <summary>Sees the activations; null for none.</summary>
    public ITensorTap? Tap { get; set; }

    public ModelConfig Config => config;

    public long WorkingBytes => _buffers.ByteCount;

    public void Encode(ReadOnlySpan<EncoderWindow> windows, CancellationToken cancellationToken) => encoder.Encode(windows, _buffers, Tap, cancellationToken);

    public void Forward(RaggedBatch batch, Span<GreedyChoice> choices, CancellationToken cancellationToken) => decoder.Forward(batch, choices, _buffers, Tap, cancellationToken);

    public void Trim() => _buffers.Trim();

    public void Dispose() => _buffers.Dispose();
}
