namespace Steno;

/// <summary>Starts the transcriptions of the inputs that come next while the first is still decoded, so that they go through the networks together.</summary>
/// <remarks>How many: their audio is in memory, so it is bounded by the length of their files, and by a number, since a file may have a decoder of its own.</remarks>
internal sealed class TranscriptionsAhead : IDisposable
{
    private const int MaxCount = 16;

    private const long MaxBytes = 16 << 20;

    private readonly Queue<AudioSource> _coming;
    private readonly Queue<StartedTranscription> _started = new();
    private readonly Func<AudioSource, TranscribeOptions> _options;
    private readonly CancellationToken _cancellationToken;

    /// <summary>Prepares to transcribe some inputs.</summary>
    /// <param name="model">The model.</param>
    /// <param name="inputs">All inputs, in the order in which they will be taken.</param>
    /// <param name="options">What to do with each; asked for on the thread that takes.</param>
    /// <param name="cancellationToken">Stops all of them.</param>
    public TranscriptionsAhead(AsrModel model, IEnumerable<AudioSource> inputs, Func<AudioSource, TranscribeOptions> options, CancellationToken cancellationToken)
    {
        Model = model;
        _coming = new Queue<AudioSource>(inputs);
        _options = options;
        _cancellationToken = cancellationToken;
    }

    public AsrModel Model { get; }

    /// <summary>The transcription of an input; those of inputs before it that nobody took are stopped. The caller disposes it.</summary>
    public StartedTranscription Take(AudioSource input)
    {
        while (true)
        {
            StartAhead();
            StartedTranscription next = _started.Dequeue();
            StartAhead();
            if (ReferenceEquals(next.Input, input)) return next;
            next.Dispose();
        }
    }

    public void Dispose()
    {
        while (_started.TryDequeue(out StartedTranscription? transcription)) transcription.Dispose();
    }

    // The next one whatever its length, and more as long as they are short.
    private void StartAhead()
    {
        while (_coming.TryPeek(out AudioSource? input) && _started.Count < MaxCount)
        {
            long bytes = input.ByteCount();
            if (_started.Count > 0 && _started.Sum(started => started.ByteCount) + bytes > MaxBytes) return;
            _coming.Dequeue();
            _started.Enqueue(new StartedTranscription(Model, input, bytes, _options(input), _cancellationToken));
        }
    }
}
