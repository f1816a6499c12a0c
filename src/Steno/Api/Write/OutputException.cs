namespace Steno;

/// <summary>A file or folder cannot be written.</summary>
internal sealed class OutputException : StenoException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">Which one, and why.</param>
    /// <param name="innerException">The fault that caused this one, or null.</param>
    public OutputException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>The directory that has the name of the file, into which one could write; null when something else is wrong.</summary>
    public string? DirectoryPath { get; init; }
}
