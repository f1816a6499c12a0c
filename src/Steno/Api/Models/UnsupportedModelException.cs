namespace Steno;

/// <summary>The checkpoint is well formed but not one that Steno runs, such as another architecture or another mel front end.</summary>
public sealed class UnsupportedModelException : StenoException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What was found and what Steno supports.</param>
    /// <param name="innerException">The fault that caused this one, or null.</param>
    public UnsupportedModelException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
