using Steno.Kernels;
using Steno.Tensors;
using Steno.Threading;

namespace Steno.Model;

/// <summary>All weights of a model: immutable, shared by every thread that uses the model.</summary>
internal sealed class ModelWeights : IDisposable
{
    private readonly IReadOnlyList<IDisposable> _buffers;

    private ModelWeights(AudioEncoderWeights audio, TextDecoderWeights text, WeightPacker audioPacker, WeightPacker textPacker)
    {
        Audio = audio;
        Text = text;
        ParameterCount = audioPacker.ParameterCount + textPacker.ParameterCount;
        ByteCount = audioPacker.ByteCount + textPacker.ByteCount;
        Stored = [.. audioPacker.Stored.Concat(textPacker.Stored)
            .GroupBy(part => part.Key, part => part.Value)
            .Select(group => (group.Key.StoredAs, group.Key.Format, group.Sum()))];
        _buffers = [.. audioPacker.TakeOwnership(), .. textPacker.TakeOwnership()];
    }

    public AudioEncoderWeights Audio { get; }

    public TextDecoderWeights Text { get; }

    public long ParameterCount { get; }

    /// <summary>How many weights the files store in each way, and what each of these is held in.</summary>
    public IReadOnlyList<(string StoredAs, WeightFormat Format, long Count)> Stored { get; }

    /// <summary>Bytes of memory that the weights occupy.</summary>
    public long ByteCount { get; }

    /// <summary>Packs the weights of a checkpoint; the source is not needed afterwards.</summary>
    /// <exception cref="ModelFormatException">A tensor is missing, has another shape than the configuration calls for, or holds a value that is not finite.</exception>
    public static ModelWeights Pack(ModelConfig config, IWeightSource source, WeightPrecision precision, WorkerPool pool, CancellationToken cancellationToken)
    {
        using var audioPacker = new WeightPacker(source, WeightPolicy.Audio(precision, config.Text), pool, cancellationToken);
        using var textPacker = new WeightPacker(source, WeightPolicy.Text(precision, config.Text), pool, cancellationToken);
        var audio = new AudioEncoderWeights(config.Audio, audioPacker);
        var text = new TextDecoderWeights(config.Text, textPacker);
        return new ModelWeights(audio, text, audioPacker, textPacker);
    }

    public void Dispose()
    {
        foreach (IDisposable buffer in _buffers) buffer.Dispose();
    }
}
