using System.Diagnostics;
using Steno.Model;
using Steno.Tensors;

namespace Steno.Engine;

/// <summary>The windows of one clip on their way through the audio tower.</summary>
internal sealed unsafe class EncodeJob
{
    private readonly AudioEncoderConfig _config;
    private readonly AlignedBuffer<float> _mel;
    private readonly int _frameCount;
    private readonly int _windowFrames;
    private readonly List<EncodedWindow> _windows = [];
    private readonly TaskCompletionSource<IReadOnlyList<EncodedWindow>> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _encodedCount;
    private long _firstRow;
    private volatile bool _isCancelRequested;

    /// <summary>Prepares a clip.</summary>
    /// <param name="config">Dimensions of the tower.</param>
    /// <param name="mel">[F, mel bins]; the job owns it.</param>
    /// <param name="frameCount">F, at least 1.</param>
    /// <param name="attention">Reach of the attention: full makes one window of the clip.</param>
    public EncodeJob(AudioEncoderConfig config, AlignedBuffer<float> mel, int frameCount, AttentionMode attention)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(frameCount, 1);
        _config = config;
        _mel = mel;
        _frameCount = frameCount;
        _windowFrames = attention == AttentionMode.Windowed ? config.WindowFrameCount : frameCount;
    }

    /// <summary>The windows, which the receiver has to release.</summary>
    public Task<IReadOnlyList<EncodedWindow>> Completion => _completion.Task;

    /// <summary>When the first window was begun and the last one finished, as <see cref="Stopwatch"/> counts.</summary>
    public long StartTimestamp { get; private set; }

    public long EndTimestamp { get; private set; }

    public bool IsCancelRequested => _isCancelRequested;

    public bool IsDone => _encodedCount * (long)_windowFrames >= _frameCount;

    /// <summary>True when a call with it failed: it is then tried alone.</summary>
    public bool IsSuspect { get; set; }

    /// <summary>Calls of the tower that it was in.</summary>
    public int CallCount { get; set; }

    /// <summary>Asks the engine to drop the job; whoever waits for it is told at once.</summary>
    public void RequestCancel(CancellationToken cancellationToken)
    {
        _isCancelRequested = true;
        _completion.TrySetCanceled(cancellationToken);
    }

    /// <summary>Adds the next windows to a call of the tower.</summary>
    /// <param name="windows">Receives them; when it is empty, at least one.</param>
    /// <param name="maxRows">Most rows to add.</param>
    /// <returns>Windows and rows added.</returns>
    public (int Windows, int Rows) AddWindows(List<EncoderWindow> windows, int maxRows)
    {
        bool isPadded = _frameCount >= _config.ChunkFrameCount;
        int added = 0;
        int rows = 0;
        for (long firstFrame = (long)_encodedCount * _windowFrames; firstFrame < _frameCount; firstFrame += _windowFrames, added++)
        {
            int frames = (int)Math.Min(_windowFrames, _frameCount - firstFrame);
            int rowCount = _config.TokenCount(frames);
            if (windows.Count > 0 && rows + rowCount > maxRows) break;
            var window = new EncodedWindow(rowCount, _config.OutputWidth);
            windows.Add(new EncoderWindow(_mel.Pointer + (firstFrame * _config.MelBinCount), frames, isPadded, window.Rows, _firstRow));
            _windows.Add(window);
            _firstRow += rowCount;
            rows += rowCount;
        }

        if (StartTimestamp == 0 && added > 0) StartTimestamp = Stopwatch.GetTimestamp();
        return (added, rows);
    }

    /// <summary>Counts windows of the last call as done.</summary>
    public void Commit(int count)
    {
        _encodedCount += count;
        if (IsDone) EndTimestamp = Stopwatch.GetTimestamp();
    }

    /// <summary>Forgets the windows of a call that came to nothing.</summary>
    public void Rollback()
    {
        while (_windows.Count > _encodedCount)
        {
            _firstRow -= _windows[^1].RowCount;
            _windows[^1].Release();
            _windows.RemoveAt(_windows.Count - 1);
        }
    }

    /// <summary>Ends the job.</summary>
    /// <param name="fault">What stopped it; null when it is done.</param>
    public void End(Exception? fault)
    {
        _mel.Dispose();
        if (fault is null && _completion.TrySetResult([.. _windows])) return;
        foreach (EncodedWindow window in _windows) window.Release();
        if (fault is OperationCanceledException) _completion.TrySetCanceled(CancellationToken.None);
        else if (fault is not null) _completion.TrySetException(fault);
    }
}
