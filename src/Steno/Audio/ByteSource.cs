namespace Steno.Audio;

/// <summary>Forward reading of a stream through one buffer of fixed size, with peeking, and with seeking where the stream can.</summary>
/// <remarks>
/// A wait ends within milliseconds of its token's cancellation even when the stream ignores the token or blocks its caller: such
/// a read goes on in the background, into a buffer nobody uses any more. After that the source can only be disposed.
/// </remarks>
internal sealed class ByteSource : IDisposable
{
    /// <summary>Most bytes that can be peeked at.</summary>
    public const int CapacityBytes = 32 * 1024;

    private const string AbandonedMessage = "A read of this audio was cancelled; it cannot be read on.";

    private readonly Stream _stream;
    private readonly bool _leaveOpen;
    private readonly long _origin;
    private readonly byte[] _buffer = new byte[CapacityBytes];
    private int _start;
    private int _end;
    private bool _isAtEnd;
    private bool _isAbandoned;

    /// <summary>Starts reading where the stream stands.</summary>
    /// <param name="stream">Any readable stream.</param>
    /// <param name="leaveOpen">Whether <see cref="Dispose"/> leaves the stream alone.</param>
    /// <param name="name">What messages call the source, such as a path; null for none.</param>
    public ByteSource(Stream stream, bool leaveOpen, string? name = null)
    {
        _stream = stream;
        _leaveOpen = leaveOpen;
        Name = name;
        if (!stream.CanSeek) return;
        _origin = stream.Position;
        Length = Math.Max(0, stream.Length - _origin);
    }

    /// <summary>What messages call the source; null for nothing.</summary>
    public string? Name { get; }

    /// <summary>Number of bytes in all; null when the stream cannot seek.</summary>
    public long? Length { get; }

    /// <summary>Number of bytes already consumed.</summary>
    public long Position { get; private set; }

    /// <summary>Bytes that lie ready.</summary>
    public ReadOnlySpan<byte> Buffered => BufferedMemory.Span;

    /// <summary>Bytes that lie ready; valid until the next call of any other member.</summary>
    public ReadOnlyMemory<byte> BufferedMemory => _buffer.AsMemory(_start.._end);

    /// <summary>Whether the end of the stream was met: no bytes follow those that lie ready.</summary>
    public bool IsAtEnd => _isAtEnd;

    /// <summary>Sees to it that <paramref name="count"/> bytes lie ready.</summary>
    /// <param name="count">At most <see cref="CapacityBytes"/>.</param>
    /// <param name="cancellationToken">Stops the wait.</param>
    /// <returns>Number of bytes that lie ready: fewer than <paramref name="count"/> only when the stream ends there.</returns>
    public async ValueTask<int> FillAsync(int count, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, CapacityBytes);
        while (_end - _start < count && !_isAtEnd)
        {
            if (_start > 0)
            {
                _buffer.AsSpan(_start.._end).CopyTo(_buffer);
                _end -= _start;
                _start = 0;
            }

            int read = await ReadStreamAsync(cancellationToken).ConfigureAwait(false);
            _end += read;
            _isAtEnd = read == 0;
        }

        return _end - _start;
    }

    /// <summary>Drops bytes that lie ready.</summary>
    public void Consume(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _end - _start);
        _start += count;
        Position += count;
    }

    /// <summary>Skips bytes, seeking where possible.</summary>
    /// <returns>Number of bytes skipped: fewer than <paramref name="count"/> only when the stream ends there.</returns>
    public async ValueTask<long> SkipAsync(long count, CancellationToken cancellationToken)
    {
        if (Length is long length && count > _end - _start)
        {
            long target = Math.Min(count, length - Position) + Position;
            long skippedBySeek = target - Position;
            SeekTo(target);
            return skippedBySeek;
        }

        long skipped = 0;
        while (skipped < count && await FillAsync(1, cancellationToken).ConfigureAwait(false) > 0)
        {
            int part = (int)Math.Min(count - skipped, _end - _start);
            Consume(part);
            skipped += part;
        }

        return skipped;
    }

    /// <summary>Goes on reading at <paramref name="position"/>; only when <see cref="Length"/> is known.</summary>
    public void SeekTo(long position)
    {
        if (_isAbandoned) throw new InvalidOperationException(AbandonedMessage);
        _stream.Position = _origin + position;
        Position = position;
        _start = _end = 0;
        _isAtEnd = false;
    }

    /// <summary>The stream, set to the first byte of the audio, for readers that read and seek themselves; only when <see cref="Length"/> is known.</summary>
    public Stream RewindStream()
    {
        SeekTo(0);
        return _stream;
    }

    /// <summary>The exception for broken audio, with the name of the source before the message.</summary>
    public AudioFormatException Fault(string message) => new(Name is null ? message : $"{Name}: {message}");

    public void Dispose()
    {
        if (!_leaveOpen) _stream.Dispose();
    }

    private async ValueTask<int> ReadStreamAsync(CancellationToken cancellationToken)
    {
        if (_isAbandoned) throw new InvalidOperationException(AbandonedMessage);
        cancellationToken.ThrowIfCancellationRequested();
        Memory<byte> free = _buffer.AsMemory(_end);
        if (_stream is MemoryStream) return await _stream.ReadAsync(free, cancellationToken).ConfigureAwait(false);

        // On the pool, because a stream may block inside ReadAsync.
        Task<int> read = Task.Run(() => _stream.ReadAsync(free, cancellationToken).AsTask(), CancellationToken.None);
        try
        {
            return await read.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            _isAbandoned = true;
            _ = read.ContinueWith(static task => task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            throw;
        }
    }
}
