namespace Steno;

/// <summary>The model has too much work waiting to take on more; trying again later helps.</summary>
public sealed class EngineBusyException : StenoException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">How much is waiting.</param>
    public EngineBusyException(string message)
        : base(message, innerException: null)
    {
    }
}
