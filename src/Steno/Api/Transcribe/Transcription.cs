using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;

namespace Steno;

/// <summary>A transcription under way: text pieces as they are decoded, then the transcript.</summary>
/// <remarks>
/// The work runs from the moment the object exists, whether or not anybody enumerates. Enumerate at most once; leaving the enumeration early
/// stops the work. The pieces joined are <see cref="Transcript.Text"/>, except for a segment whose repetitions were collapsed afterwards
/// (<see cref="TranscriptSegment.IsRepetitionCollapsed"/>).
/// </remarks>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "The source has neither a timer nor a handle: nothing to dispose.")]
public sealed class Transcription : IAsyncEnumerable<string>
{
    private readonly Channel<string> _pieces = Channel.CreateUnbounded<string>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
    private readonly CancellationTokenSource _cancellation = new();
    private int _enumerationCount;

    /// <summary>Starts the work.</summary>
    /// <param name="work">Gives its pieces of text to the action.</param>
    /// <param name="onEnd">Called once, when the work has ended in whatever way.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    internal Transcription(Func<Action<string>, CancellationToken, Task<Transcript>> work, Action onEnd, CancellationToken cancellationToken)
    {
        Completion = RunAsync(work, onEnd, cancellationToken);
    }

    /// <summary>The result; faults with what stopped the work, and is cancelled when the work was.</summary>
    public Task<Transcript> Completion { get; }

    /// <summary>Yields each piece of text as it is decoded; throws what stopped the work.</summary>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="InvalidOperationException">The transcription is or was already being enumerated.</exception>
    public async IAsyncEnumerator<string> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        if (Interlocked.Increment(ref _enumerationCount) != 1)
            throw new InvalidOperationException("A transcription can be enumerated once; read the text from Completion.");

        bool isWhole = false;
        CancellationTokenRegistration registration = CancelWith(cancellationToken);
        try
        {
            // Not by the token: the work ends by it, which ends the channel, and then the caller sees the work's own exception.
            while (await _pieces.Reader.WaitToReadAsync(CancellationToken.None).ConfigureAwait(false))
            {
                while (_pieces.Reader.TryRead(out string? piece)) yield return piece;
            }

            await Completion.ConfigureAwait(false);
            isWhole = true;
        }
        finally
        {
            await registration.DisposeAsync().ConfigureAwait(false);
            if (!isWhole) await _cancellation.CancelAsync().ConfigureAwait(false);
        }
    }

    private async Task<Transcript> RunAsync(Func<Action<string>, CancellationToken, Task<Transcript>> work, Action onEnd, CancellationToken cancellationToken)
    {
        CancellationTokenRegistration registration = CancelWith(cancellationToken);
        try
        {
            return await Task.Run(() => work(piece => _pieces.Writer.TryWrite(piece), _cancellation.Token), _cancellation.Token).ConfigureAwait(false);
        }
        finally
        {
            await registration.DisposeAsync().ConfigureAwait(false);
            onEnd();
            _pieces.Writer.Complete();
        }
    }

    // A source that is linked would have to be disposed, which an enumeration that is left late could not survive.
    private CancellationTokenRegistration CancelWith(CancellationToken cancellationToken) =>
        cancellationToken.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _cancellation);
}
