namespace Steno.Audio;

/// <summary>Cuts a stream of samples into clips of bounded length, at quiet places. Holds no more of the audio than one clip.</summary>
/// <remarks>
/// The rule of the official package: while more than the longest clip remains, look 5 seconds to both sides of where that clip would end for
/// the stretch of 100 ms with the smallest sum of magnitudes, and cut at its quietest sample. Clips follow each other without overlap, and
/// one can be up to 5 seconds longer than asked for.
/// </remarks>
internal sealed class AudioSplitter(SampleReader reader, int maxClipSamples)
{
    /// <summary>How far from the end of the longest clip a cut may lie.</summary>
    public const int SearchSeconds = 5;

    private const int SampleRateHz = LogMelSpectrogram.SampleRateHz;
    private const int SearchSamples = SearchSeconds * SampleRateHz;
    private const int QuietWindowSamples = SampleRateHz / 10;

    private float[] _buffer = new float[1 << 16];
    private int _count;
    private int _emitted;
    private bool _isAtEnd;

    /// <summary>Samples before the clip that was returned last.</summary>
    public long ClipStart { get; private set; }

    /// <summary>Reads the next clip.</summary>
    /// <returns>Its samples, which the caller may change; valid until the next call. Empty at the end.</returns>
    /// <exception cref="AudioFormatException">The audio is broken at this place.</exception>
    public async ValueTask<Memory<float>> NextAsync(CancellationToken cancellationToken)
    {
        ClipStart += _emitted;
        Array.Copy(_buffer, _emitted, _buffer, 0, _count - _emitted);
        _count -= _emitted;
        await FillAsync(checked(maxClipSamples + SearchSamples), cancellationToken).ConfigureAwait(false);
        _emitted = _count <= maxClipSamples ? _count : FindCut(_buffer.AsSpan(0, _count), maxClipSamples);
        return _buffer.AsMemory(0, _emitted);
    }

    /// <summary>Index of the quietest sample near the end of the longest clip.</summary>
    /// <param name="samples">More than <paramref name="maxClipSamples"/> samples.</param>
    /// <param name="maxClipSamples">Where the clip would end.</param>
    internal static int FindCut(ReadOnlySpan<float> samples, int maxClipSamples)
    {
        int start = Math.Max(0, maxClipSamples - SearchSamples);
        ReadOnlySpan<float> near = samples[start..Math.Min(samples.Length, maxClipSamples + SearchSamples)];
        if (near.Length <= QuietWindowSamples) return maxClipSamples;

        double sum = 0;
        for (int i = 0; i < QuietWindowSamples; i++) sum += Math.Abs(near[i]);
        double smallest = sum;
        int quietest = 0;
        for (int i = 1; i + QuietWindowSamples <= near.Length; i++)
        {
            sum += Math.Abs(near[i + QuietWindowSamples - 1]) - Math.Abs(near[i - 1]);
            if (sum >= smallest) continue;
            smallest = sum;
            quietest = i;
        }

        int cut = quietest;
        for (int i = quietest; i < quietest + QuietWindowSamples; i++)
        {
            if (Math.Abs(near[i]) < Math.Abs(near[cut])) cut = i;
        }

        return Math.Max(1, start + cut);
    }

    private async ValueTask FillAsync(int wanted, CancellationToken cancellationToken)
    {
        while (!_isAtEnd && _count < wanted)
        {
            if (_count == _buffer.Length) Array.Resize(ref _buffer, (int)Math.Min(2L * _buffer.Length, wanted));
            int read = await reader.ReadAsync(_buffer.AsMemory(_count, Math.Min(_buffer.Length, wanted) - _count), cancellationToken).ConfigureAwait(false);
            _isAtEnd = read == 0;
            _count += read;
        }
    }
}
