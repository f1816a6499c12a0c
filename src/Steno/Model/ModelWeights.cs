using Steno.Tensors;
using Steno.Threading;

namespace Steno.Model;

/// <summary>All weights of a model: immutable, shared by every thread that uses the model.</summary>
internal sealed class ModelWeights : IDisposable
{
    private readonly IReadOnlyList<IDisposable> _buffers;

    private ModelWeights(WeightPacker packer, AudioEncoderWeights audio, TextDecoderWeights text)
    {
        Audio = audio;
        Text = text;
        ParameterCount = packer.ParameterCount;
        ByteCount = packer.ByteCount;
        _buffers = packer.TakeOwnership();
    }

    public AudioEncoderWeights Audio { get; }

    public TextDecoderWeights Text { get; }

    public long ParameterCount { get; }

    /// <summary>Bytes of memory that the weights occupy.</summary>
    public long ByteCount { get; }

    /// <summary>Packs the weights of a checkpoint; the source is not needed afterwards.</summary>
    /// <exception cref="ModelFormatException">A tensor is missing, has another shape than the configuration calls for, or holds a value that is not finite.</exception>
    public static ModelWeights Pack(ModelConfig config, IWeightSource source, WeightPrecision precision, WorkerPool pool, CancellationToken cancellationToken)
    {
        using var packer = new WeightPacker(source, precision, pool, cancellationToken);
        var audio = new AudioEncoderWeights(config.Audio, packer);
        var text = new TextDecoderWeights(config.Text, packer);
        return new ModelWeights(packer, audio, text);
    }

    public void Dispose()
    {
        foreach (IDisposable buffer in _buffers) buffer.Dispose();
    }
}
