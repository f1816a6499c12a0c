namespace Steno;

/// <summary>The audio cannot be read: not a format that Steno knows, broken, empty, or with impossible values.</summary>
public sealed class AudioFormatException : StenoException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What was wrong, where, and what was expected.</param>
    /// <param name="innerException">The fault that caused this one, or null.</param>
    public AudioFormatException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>What is wrong, where this is damage and the audio before it can be used; null for every other fault.</summary>
    internal string? Damage { get; set; }

    /// <summary>Where in the audio the damage is, in seconds; null for its end.</summary>
    internal double? DamageSeconds { get; set; }
}
