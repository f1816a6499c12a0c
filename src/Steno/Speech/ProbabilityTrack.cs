namespace Steno.Speech;

/// <summary>Probabilities of the frames that are still needed, and where they are lowest.</summary>
/// <param name="frameLength">Samples of a frame.</param>
internal sealed class ProbabilityTrack(int frameLength)
{
    private const int SmoothedFrames = 5;

    private float[] _values = new float[1024];
    private int _count;
    private long _firstFrame;

    public void Add(float probability)
    {
        if (_count == _values.Length) Array.Resize(ref _values, 2 * _count);
        _values[_count++] = probability;
    }

    public void DropBefore(long position)
    {
        int dropped = (int)Math.Clamp((position / frameLength) - _firstFrame, 0, _count);
        _values.AsSpan(dropped, _count - dropped).CopyTo(_values);
        _count -= dropped;
        _firstFrame += dropped;
    }

    /// <summary>Where the mean of five frames is lowest.</summary>
    /// <param name="span">Samples; only groups of frames that lie inside count.</param>
    /// <returns>The middle of the five frames, and their mean; null when none lies inside.</returns>
    public (long Position, float Mean)? Lowest(SampleSpan span)
    {
        long first = Math.Max((span.Start + frameLength - 1) / frameLength, _firstFrame);
        long last = Math.Min(span.End / frameLength, _firstFrame + _count) - SmoothedFrames;
        (long Position, float Mean)? lowest = null;
        for (long frame = first; frame <= last; frame++)
        {
            float sum = 0;
            foreach (float value in _values.AsSpan((int)(frame - _firstFrame), SmoothedFrames)) sum += value;
            float mean = sum / SmoothedFrames;
            if (lowest is null || mean < lowest.Value.Mean) lowest = ((frame * frameLength) + (SmoothedFrames * frameLength / 2), mean);
        }

        return lowest;
    }
}
