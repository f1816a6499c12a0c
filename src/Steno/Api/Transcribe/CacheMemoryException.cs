namespace Steno;

/// <summary>A clip needs more memory for its KV cache than <see cref="AsrModelOptions.CacheMemory"/> allows.</summary>
public sealed class CacheMemoryException : StenoException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is needed, what is allowed, and what to do.</param>
    public CacheMemoryException(string message)
        : base(message, innerException: null)
    {
    }
}
