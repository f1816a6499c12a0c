using System.Diagnostics.CodeAnalysis;
using Steno.Tensors;

namespace Steno.Engine;

/// <summary>What the audio tower made of one window of a clip. Whoever keeps it holds a reference; its memory goes with the last one.</summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "Whoever gives up the last reference disposes it.")]
internal sealed class EncodedWindow
{
    private readonly AlignedBuffer<float> _rows;
    private int _referenceCount = 1;

    /// <summary>Takes memory; the creator holds the first reference.</summary>
    /// <param name="rowCount">Rows of the window.</param>
    /// <param name="width">Width H of a row.</param>
    public EncodedWindow(int rowCount, int width)
    {
        RowCount = rowCount;
        Width = width;
        _rows = new AlignedBuffer<float>((long)rowCount * width, isZeroed: false);
    }

    public int RowCount { get; }

    public int Width { get; }

    /// <summary>References that are held.</summary>
    public int ReferenceCount => Volatile.Read(ref _referenceCount);

    /// <summary>[rows, H]. Two rows are the same row when their addresses are, as long as both windows are held.</summary>
    public unsafe float* Rows => _rows.Pointer;

    /// <summary>The rows, row-major.</summary>
    public Span<float> Span => _rows.Span;

    public void AddReference()
    {
        int before = Interlocked.Increment(ref _referenceCount) - 1;
        ObjectDisposedException.ThrowIf(before <= 0, this);
    }

    public void Release()
    {
        if (Interlocked.Decrement(ref _referenceCount) == 0) _rows.Dispose();
    }
}
