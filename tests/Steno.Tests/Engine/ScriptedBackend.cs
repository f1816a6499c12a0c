using Steno.Engine;
using Steno.Kernels;
using Steno.Model;

namespace Steno.Tests.Engine;

/// <summary>A back-end whose passes are counted, and may fail as a test wants.</summary>
internal sealed class ScriptedBackend(IModelBackend inner) : IModelBackend
{
    /// <summary>Called before each pass of the language model.</summary>
    public Action<RaggedBatch>? BeforeForward { get; set; }

    /// <summary>Called after each pass of the language model; may change the choices.</summary>
    public ForwardEdit? AfterForward { get; set; }

    /// <summary>Called before each call of the audio tower with the number of windows.</summary>
    public Action<int>? BeforeEncode { get; set; }

    /// <summary>Rows of each pass so far.</summary>
    public List<int> RowCounts { get; } = [];

    public delegate void ForwardEdit(RaggedBatch batch, Span<GreedyChoice> choices);

    public ModelConfig Config => inner.Config;

    public long WorkingBytes => inner.WorkingBytes;

    public void Encode(ReadOnlySpan<EncoderWindow> windows, CancellationToken cancellationToken)
    {
        BeforeEncode?.Invoke(windows.Length);
        inner.Encode(windows, cancellationToken);
    }

    public void Forward(RaggedBatch batch, Span<GreedyChoice> choices, CancellationToken cancellationToken)
    {
        RowCounts.Add(batch.RowCount);
        BeforeForward?.Invoke(batch);
        inner.Forward(batch, choices, cancellationToken);
        AfterForward?.Invoke(batch, choices);
    }

    public void Trim() => inner.Trim();

    public void Dispose() => inner.Dispose();
}
