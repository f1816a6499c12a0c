namespace Steno.Audio;

/// <summary>Brings mono samples to another rate as they come.</summary>
/// <remarks>
/// n samples become ceil(n · out / in): one for each time i / out before the end of the last input sample. Sample i lies exactly at
/// its time (no delay); the audio is taken for silent before its start and after its end. Each output sample is the same sum in the
/// same order however the input is split, so any sizes of reads give the same bits. Pass-band, stop-band and attenuation are those of
/// <see cref="ResamplingKernel"/>.
/// </remarks>
internal sealed class Resampler : SampleReader
{
    private const int ReadBlockLength = 4096;

    private readonly SampleReader _source;
    private readonly ResamplingFilter _filter;

    // Input samples from index _windowStart on; silence before index 0 and, once the source has ended, after the last.
    private readonly float[] _window;
    private long _windowStart;
    private int _windowLength;

    // The next output sample lies at input time _inputIndex + _phase / PhaseCount.
    private long _inputIndex;
    private int _phase;
    private long? _inputCount;

    /// <summary>Wraps <paramref name="source"/> and owns it.</summary>
    /// <param name="source">Samples at any rate; all finite.</param>
    /// <param name="sampleRateHz">Rate of the result.</param>
    public Resampler(SampleReader source, int sampleRateHz)
    {
        _source = source;
        SampleRateHz = sampleRateHz;
        _filter = new ResamplingFilter(source.SampleRateHz, sampleRateHz);
        _window = new float[(2 * _filter.HalfLength) + Math.Max(ReadBlockLength, _filter.HalfLength)];
        _windowLength = _filter.HalfLength - 1;
        _windowStart = -_windowLength;
    }

    /// <inheritdoc/>
    public override int SampleRateHz { get; }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<float> destination, CancellationToken cancellationToken)
    {
        while (true)
        {
            int count = Produce(destination.Span);
            if (count > 0 || _inputIndex >= _inputCount) return count;
            await ReadSourceAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _source.Dispose();
    }

    private int Produce(Span<float> destination)
    {
        int halfLength = _filter.HalfLength;
        long end = Math.Min(_inputCount ?? long.MaxValue, _windowStart + _windowLength - halfLength);
        int count = 0;
        while (count < destination.Length && _inputIndex < end)
        {
            int first = (int)(_inputIndex - halfLength + 1 - _windowStart);
            destination[count++] = _filter.Apply(_window.AsSpan(first, 2 * halfLength), _phase);
            _phase += _filter.InputStep;
            _inputIndex += _phase / _filter.PhaseCount;
            _phase %= _filter.PhaseCount;
        }

        return count;
    }

    private async ValueTask ReadSourceAsync(CancellationToken cancellationToken)
    {
        // What no later output draws from goes: fewer than 2 · HalfLength samples stay.
        int used = (int)(_inputIndex - _filter.HalfLength + 1 - _windowStart);
        _window.AsSpan(used, _windowLength - used).CopyTo(_window);
        _windowStart += used;
        _windowLength -= used;

        int read = await _source.ReadAsync(_window.AsMemory(_windowLength, ReadBlockLength), cancellationToken).ConfigureAwait(false);
        if (read == 0)
        {
            _inputCount = _windowStart + _windowLength;
            _window.AsSpan(_windowLength, _filter.HalfLength).Clear();
            _windowLength += _filter.HalfLength;
        }
        else
        {
            _windowLength += read;
        }
    }
}
