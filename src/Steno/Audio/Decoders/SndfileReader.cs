using System.Runtime.InteropServices;

namespace Steno.Audio.Decoders;

/// <summary>Reads audio by libsndfile: the mean of the channels, at the file's own rate.</summary>
/// <remarks>
/// The library works in this process and cannot be interrupted. A call that is given up, by cancellation or at the time limit, goes on
/// in the background with no more input, and what it uses is released when it returns.
/// </remarks>
internal sealed class SndfileReader : SampleReader
{
    private const int BlockSamples = 16 * 1024;

    private readonly SndfileLibrary _library;
    private readonly ByteSource _source;
    private readonly SndfileInput _input;
    private readonly TimeSpan _stallLimit;
    private readonly bool _isCountEstimated;
    private readonly float[] _block = new float[BlockSamples];
    private Task _call = Task.CompletedTask;
    private nint _handle;
    private SndfileInfo _info;
    private WavFormat _format;
    private FrameDecoder? _decoder;
    private int _blockStart;
    private int _blockEnd;
    private bool _isGivenUp;
    private bool _isAtEnd;
    private bool _isDisposed;
    private AudioFormatException? _fault;

    private SndfileReader(SndfileLibrary library, ByteSource source, TimeSpan stallLimit, bool isCountEstimated)
    {
        _isCountEstimated = isCountEstimated;
        _library = library;
        _source = source;
        _stallLimit = stallLimit;
        _input = new SndfileInput(source.RewindStream(), source.Length.GetValueOrDefault());
    }

    /// <inheritdoc/>
    public override int SampleRateHz => _info.SampleRateHz;

    /// <inheritdoc/>
    public override long? ClaimedSampleCount => _info.FrameCount is > 0 and < long.MaxValue ? _info.FrameCount : null;

    /// <summary>Opens audio.</summary>
    /// <param name="library">The library.</param>
    /// <param name="source">Can seek; owned by the reader once it is returned.</param>
    /// <param name="stallLimit">How long one call may take.</param>
    /// <param name="isCountEstimated">Whether the number of frames that the header holds may be that of a rate and a size.</param>
    /// <param name="cancellationToken">Stops the wait.</param>
    /// <exception cref="AudioFormatException">The library cannot read it.</exception>
    public static async ValueTask<SndfileReader> OpenAsync(SndfileLibrary library, ByteSource source, TimeSpan stallLimit, bool isCountEstimated, CancellationToken cancellationToken)
    {
        var reader = new SndfileReader(library, source, stallLimit, isCountEstimated);
        try
        {
            await reader.CallAsync(reader.Open, cancellationToken).ConfigureAwait(false);
            return reader;
        }
        catch
        {
            reader.Release(closesSource: false);
            throw;
        }
    }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<float> destination, CancellationToken cancellationToken)
    {
        if (_blockStart == _blockEnd && _fault is not null) throw _fault;
        if (_blockStart == _blockEnd && !_isAtEnd) await CallAsync(ReadBlock, cancellationToken).ConfigureAwait(false);
        if (_blockStart == _blockEnd) return _fault is null ? 0 : throw _fault;
        int count = _decoder!.Decode(MemoryMarshal.AsBytes(_block.AsSpan(_blockStart.._blockEnd)), destination.Span);
        _blockStart += count * _info.ChannelCount;
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) Release(closesSource: true);
    }

    private void Open()
    {
        _handle = _library.Open(SndfileInput.Functions, _input.User, out _info);
        if (_input.Fault is { } fault) throw new IOException(fault.Message, fault);
        if (_handle == 0) throw Fault(_library.ErrorOf(0) ?? "it cannot be opened");
        if (_info.ChannelCount is < 1 or > WavFormat.MaximumChannelCount)
            throw Fault($"it has {_info.ChannelCount} channels; Steno reads 1 to {WavFormat.MaximumChannelCount}");
        if (_info.SampleRateHz is < WavFormat.MinimumSampleRateHz or > WavFormat.MaximumSampleRateHz)
            throw Fault($"its sample rate is {_info.SampleRateHz} Hz; Steno reads {WavFormat.MinimumSampleRateHz} to {WavFormat.MaximumSampleRateHz} Hz");
        _format = new WavFormat(WavEncoding.Float32, _info.ChannelCount, _info.SampleRateHz, sizeof(float));
        _decoder = new FrameDecoder(_format, _source.Fault);
    }

    private void ReadBlock()
    {
        int wanted = BlockSamples / _info.ChannelCount;
        long count = _library.Read(_handle, _block.AsSpan(0, wanted * _info.ChannelCount), _info.ChannelCount);
        _blockStart = 0;
        _blockEnd = (int)count * _info.ChannelCount;
        if (_input.Fault is { } fault) throw new IOException(fault.Message, fault);
        long frameCount = _decoder!.FrameCount + count;
        bool isWhole = ClaimedSampleCount <= frameCount;
        if (_library.ErrorOf(_handle) is { } error && !isWhole) _fault = Damage($"{error}, after {frameCount} frames", frameCount);
        if (count > 0) return;

        _isAtEnd = true;
        if (_fault is null && ClaimedSampleCount is { } claimed && IsMissed(claimed, frameCount))
            _fault = Damage($"the audio ends after {frameCount} of the {claimed} frames that it says it has: it is cut off or damaged", frameCount);
    }

    private bool IsMissed(long claimed, long found) =>
        _isCountEstimated ? StatedLength.IsMissed((double)claimed / SampleRateHz, (double)found / SampleRateHz) : found < claimed;

    private AudioFormatException Fault(string reason) => _source.Fault($"libsndfile: {reason}.");

    private AudioFormatException Damage(string reason, long frameCount) => DamagedAudio.Fault(_source.Fault, $"libsndfile: {reason}", (double)frameCount / SampleRateHz);

    private async ValueTask CallAsync(Action work, CancellationToken cancellationToken)
    {
        if (_isGivenUp) throw new InvalidOperationException("A read of this audio was cancelled; it cannot be read on.");
        cancellationToken.ThrowIfCancellationRequested();
        Task call = Task.Run(work, CancellationToken.None);
        _call = call;
        try
        {
            await call.WaitAsync(_stallLimit, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (!call.IsCompleted)
        {
            _isGivenUp = true;
            _input.Stop();
            if (exception is not TimeoutException) throw;
            throw Fault($"it gave no audio for {_stallLimit.TotalSeconds:F0} seconds");
        }
    }

    private void Release(bool closesSource)
    {
        if (_isDisposed) return;
        _isDisposed = true;
        _input.Stop();
        if (_call.IsCompleted)
            Close();
        else
            _ = _call.ContinueWith(_ => Close(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);

        void Close()
        {
            _ = _call.Exception;
            if (_handle != 0) _library.Close(_handle);
            _input.Dispose();
            if (closesSource) _source.Dispose();
        }
    }
}
