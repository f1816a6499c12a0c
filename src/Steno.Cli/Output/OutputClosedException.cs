namespace Steno.Cli.Output;

/// <summary>The reader of standard output went away: nothing more can be said to it, and nothing went wrong.</summary>
internal sealed class OutputClosedException(Exception innerException)
    : Exception("standard output was closed by its reader", innerException);
