namespace Steno.Hub;

/// <summary>A fault that may pass: the request is worth making anew.</summary>
internal sealed class TransientHubException(string message, TimeSpan? retryAfter = null, Exception? innerException = null)
    : Exception(message, innerException)
{
    /// <summary>How long the server asks to wait, or null.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;
}
