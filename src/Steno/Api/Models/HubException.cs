namespace Steno;

/// <summary>A model cannot be fetched: the hub is out of reach, does not have it, or gives something else than it announced.</summary>
public sealed class HubException : StenoException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What was wrong, where, and what to do.</param>
    /// <param name="innerException">The fault that caused this one, or null.</param>
    public HubException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
