using Steno.Kernels;
using Steno.Tensors;
using Steno.Threading;

namespace Steno.Model;

/// <summary>All weights of a model: immutable, shared by every thread that uses the model.</summary>
internal sealed class ModelWeights : IDisposable
{
    private readonly IReadOnlyList<IDisposable> _buffers;

    private ModelWeights(AudioEncoderWeights audio, TextDecoderWeights text, params ReadOnlySpan<IWeightBuilder> builders)
    {
        Audio = audio;
        Text = text;
        var buffers = new List<IDisposable>();
        foreach (IWeightBuilder builder in builders)
        {
            ParameterCount += builder.ParameterCount;
            ByteCount += builder.ByteCount;
            buffers.AddRange(builder.TakeOwnership());
        }

        _buffers = buffers;
        Stored = [.. builders.ToArray().SelectMany(builder => builder.Stored)
            .GroupBy(part => part.Key, part => part.Value)
            .Select(group => (group.Key.StoredAs, group.Key.Format, group.Sum()))];
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
        return Build(config, audioPacker, textPacker);
    }

    /// <summary>Makes the weights of the tower, and then those of the language model.</summary>
    /// <param name="config">The dimensions.</param>
    /// <param name="audio">Makes those of the tower.</param>
    /// <param name="text">Makes those of the language model.</param>
    /// <param name="check">Called when all are made, before the builders give away their memory; null for none.</param>
    /// <exception cref="ModelFormatException">A weight is missing, or has another shape than the configuration calls for.</exception>
    public static ModelWeights Build(ModelConfig config, IWeightBuilder audio, IWeightBuilder text, Action? check = null)
    {
        var tower = new AudioEncoderWeights(config.Audio, audio);
        var decoder = new TextDecoderWeights(config.Text, text);
        check?.Invoke();
        return new ModelWeights(tower, decoder, audio, text);
    }

    public void Dispose()
    {
        foreach (IDisposable buffer in _buffers) buffer.Dispose();
    }
}
