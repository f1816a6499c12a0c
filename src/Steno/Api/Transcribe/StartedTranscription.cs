using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;

namespace Steno;

/// <summary>A transcription under way, and the stream that it reads. What stopped it shows when it is asked for.</summary>
internal sealed class StartedTranscription : IDisposable
{
    private readonly CancellationTokenSource _cancellation;
    private readonly Stream? _stream;
    private readonly Transcription? _transcription;
    private readonly ExceptionDispatchInfo? _fault;

    /// <summary>Starts to transcribe.</summary>
    /// <param name="model">The model.</param>
    /// <param name="input">The audio.</param>
    /// <param name="byteCount">Length of its file.</param>
    /// <param name="options">What to do.</param>
    /// <param name="cancellationToken">Stops it.</param>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Rethrown where the transcription is asked for: inputs before it come first.")]
    public StartedTranscription(AsrModel model, AudioSource input, long byteCount, TranscribeOptions options, CancellationToken cancellationToken)
    {
        Input = input;
        ByteCount = byteCount;
        _cancellation = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            _stream = input.OpenStream();
            _transcription = _stream is null ? model.Transcribe(input.Path!, options, _cancellation.Token) : model.Transcribe(_stream, input.Encoding, options, _cancellation.Token);
        }
        catch (Exception exception)
        {
            _fault = ExceptionDispatchInfo.Capture(exception);
        }
    }

    public AudioSource Input { get; }

    public long ByteCount { get; }

    /// <summary>The transcription.</summary>
    public Transcription Transcription
    {
        get
        {
            _fault?.Throw();
            return _transcription!;
        }
    }

    /// <summary>Stops what is not finished, and closes the stream.</summary>
    public void Dispose()
    {
        _cancellation.Cancel();
        _stream?.Dispose();
        _cancellation.Dispose();
    }
}
