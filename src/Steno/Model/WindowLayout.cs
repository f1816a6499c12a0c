namespace Steno.Model;

/// <summary>Where the rows of each window lie, when windows go through the audio tower together.</summary>
internal sealed class WindowLayout
{
    private readonly int[] _starts;

    public WindowLayout(ReadOnlySpan<EncoderWindow> windows, AudioEncoderConfig config)
    {
        _starts = new int[windows.Length + 1];
        for (int i = 0; i < windows.Length; i++)
        {
            int rowCount = config.TokenCount(windows[i].FrameCount);
            _starts[i + 1] = checked(_starts[i] + rowCount);
            LongestRowCount = Math.Max(LongestRowCount, rowCount);
        }
    }

    public int WindowCount => _starts.Length - 1;

    /// <summary>Rows of all windows.</summary>
    public int RowCount => _starts[^1];

    /// <summary>Rows of the longest window.</summary>
    public int LongestRowCount { get; }

    public int FirstRow(int window) => _starts[window];

    public int RowCountOf(int window) => _starts[window + 1] - _starts[window];
}
