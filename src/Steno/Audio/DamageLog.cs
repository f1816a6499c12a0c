namespace Steno.Audio;

/// <summary>Takes note of damage to audio of which all that can be decoded is used. May be told by several threads.</summary>
internal sealed class DamageLog
{
    private readonly Lock _lock = new();
    private string? _reason;
    private double _seconds = double.PositiveInfinity;

    /// <summary>The first damage of the audio, and where it is in seconds; null when there is none. What is at the end lies at infinity until <see cref="End"/>.</summary>
    public (string Reason, double Seconds)? First
    {
        get
        {
            lock (_lock)
                return _reason is null ? null : (_reason, _seconds);
        }
    }

    /// <summary>Takes note of a fault.</summary>
    /// <param name="fault">Has <see cref="AudioFormatException.Damage"/>.</param>
    public void Add(AudioFormatException fault)
    {
        lock (_lock)
        {
            double seconds = fault.DamageSeconds ?? double.PositiveInfinity;
            if (_reason is not null && seconds >= _seconds) return;
            _reason = fault.Damage;
            _seconds = seconds;
        }
    }

    /// <summary>Nothing is decoded beyond this place.</summary>
    public void End(double seconds)
    {
        lock (_lock)
            _seconds = Math.Min(_seconds, seconds);
    }
}
