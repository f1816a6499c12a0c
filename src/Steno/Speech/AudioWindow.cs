namespace Steno.Speech;

/// <summary>The part of a recording that is still needed.</summary>
internal sealed class AudioWindow
{
    private float[] _samples = new float[1 << 16];
    private int _first;
    private int _count;

    /// <summary>Position of the first sample that is held.</summary>
    public long Start { get; private set; }

    /// <summary>Position behind the last.</summary>
    public long End => Start + _count;

    /// <summary>The samples of a span, which may be changed; valid until more are added.</summary>
    public Memory<float> this[SampleSpan span] => _samples.AsMemory(_first + checked((int)(span.Start - Start)), checked((int)span.Length));

    /// <summary>Adds samples at the end.</summary>
    public void Append(ReadOnlySpan<float> samples)
    {
        int needed = _count + samples.Length;
        if (_first + needed > _samples.Length)
        {
            // Moving what is held only where at least as much is free keeps the cost of a sample constant.
            float[] target = needed > _samples.Length / 2 ? new float[2 * needed] : _samples;
            _samples.AsSpan(_first, _count).CopyTo(target);
            _samples = target;
            _first = 0;
        }

        samples.CopyTo(_samples.AsSpan(_first + _count));
        _count += samples.Length;
    }

    /// <summary>Gives up what lies before a position.</summary>
    public void DropBefore(long position)
    {
        int dropped = (int)Math.Clamp(position - Start, 0, _count);
        _first += dropped;
        _count -= dropped;
        Start += dropped;
    }
}
