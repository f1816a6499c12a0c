using Steno.Kernels;
using Steno.Model;

namespace Steno.Engine;

/// <summary>What computes a model's networks. One thread at a time.</summary>
internal interface IModelBackend : IDisposable
{
    ModelConfig Config { get; }

    /// <summary>Bytes of working memory that it holds.</summary>
    long WorkingBytes { get; }

    /// <summary>Runs windows through the audio tower.</summary>
    /// <param name="windows">At least one.</param>
    /// <param name="cancellationToken">Stops the work; the outputs are then undefined.</param>
    void Encode(ReadOnlySpan<EncoderWindow> windows, CancellationToken cancellationToken);

    /// <summary>Runs rows through the language model, writes their keys and values, and makes the choice of the rows that asked for one.</summary>
    /// <param name="batch">At least one row.</param>
    /// <param name="choices">Receives one choice for each of <see cref="RaggedBatch.LogitRows"/>.</param>
    /// <param name="cancellationToken">Stops the work; reserved positions and choices are then undefined.</param>
    void Forward(RaggedBatch batch, Span<GreedyChoice> choices, CancellationToken cancellationToken);

    /// <summary>Gives back working memory that was not needed since the call before.</summary>
    void Trim();
}
