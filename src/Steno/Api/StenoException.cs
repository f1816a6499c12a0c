namespace Steno;

/// <summary>Base of every fault that Steno reports about its input: the message says what was wrong, where, and what was expected.</summary>
public abstract class StenoException : Exception
{
    private protected StenoException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
