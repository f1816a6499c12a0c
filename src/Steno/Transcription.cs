namespace Steno;

/// <summary>A transcription under way: text pieces as they are decoded, then the transcript.</summary>
/// <remarks>
/// The work runs from the moment the object exists. Enumerate at most once; leaving the enumeration early stops the work.
/// The pieces joined are <see cref="Transcript.Text"/>, except where a repetition was collapsed afterwards.
/// </remarks>
public sealed class Transcription : IAsyncEnumerable<string>
{
    /// <summary>The result; faults with what stopped the work, and is cancelled when the work was.</summary>
    public Task<Transcript> Completion => throw new NotSupportedException();

    /// <summary>Yields each piece of text as it is decoded; throws what stopped the work.</summary>
    /// <param name="cancellationToken">Stops the work.</param>
    public IAsyncEnumerator<string> GetAsyncEnumerator(CancellationToken cancellationToken = default) => throw new NotSupportedException();
}
