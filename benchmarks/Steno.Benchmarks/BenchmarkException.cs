namespace Steno.Benchmarks;

/// <summary>Ends a command with one line for its user.</summary>
internal sealed class BenchmarkException(string message, Exception? innerException = null) : Exception(message, innerException);
