namespace Steno.Audio.Containers;

/// <summary>Follows a file's frames or pages by their headers: finds out, without decoding, where it is cut off and how long it lasts.</summary>
/// <remarks>
/// Headers may lie about a length; what is added up here is what decoders will give. Bytes come in pieces of any size, so a pipe can be
/// followed while a decoder reads it. Takes a bounded amount of memory and a few operations for each byte.
/// </remarks>
/// <param name="maxDuration">Longest audio that is accepted.</param>
/// <param name="fault">Makes the exception of a message.</param>
internal abstract class ContainerWalk(TimeSpan maxDuration, Func<string, AudioFormatException> fault)
{
    /// <summary>Room for the largest page of any container, and as much again.</summary>
    private const int HeldBytes = 128 * 1024;

    private readonly byte[] _held = new byte[HeldBytes];
    private int _heldLength;
    private long _toSkip;
    private long _unitPosition;
    private bool _isLost;

    /// <summary>How long the audio lasts, as far as it was followed; 0 where units do not tell.</summary>
    public abstract double Seconds { get; }

    /// <summary>Whether all bytes so far are known for what they are.</summary>
    protected bool IsFollowed => !_isLost;

    /// <summary>How many bytes of the last unit may be missing.</summary>
    protected virtual long Slack => 0;

    /// <summary>Where the bytes that <see cref="Measure"/> gets begin.</summary>
    protected long Position { get; private set; }

    /// <summary>What a unit is called in messages.</summary>
    protected abstract string UnitName { get; }

    /// <summary>A walk over a container; null for one whose decoders tell all there is to tell.</summary>
    public static ContainerWalk? Create(AudioContainer container, TimeSpan maxDuration, Func<string, AudioFormatException> fault)
    {
        if (container == AudioContainer.Ogg) return new OggWalk(maxDuration, fault);
        if (container == AudioContainer.Flac) return new FlacWalk(maxDuration, fault);
        if (container == AudioContainer.Amr) return new AmrWalk(maxDuration, fault);
        if (container == AudioContainer.Ac3) return new Ac3Walk(maxDuration, fault);
        if (container == AudioContainer.TransportStream) return new TransportWalk(maxDuration, fault);
        if (container == AudioContainer.Avi) return new AviWalk(maxDuration, fault);
        if (container == AudioContainer.Asf) return new AsfWalk(maxDuration, fault);
        if (container == AudioContainer.Mp4) return new Mp4Walk(maxDuration, fault);
        if (container == AudioContainer.ProgramStream) return new ProgramStreamWalk(maxDuration, fault);
        bool isFramed = container == AudioContainer.Mp3 || container == AudioContainer.Mpeg || container == AudioContainer.Aac;
        if (isFramed) return new MpegWalk(maxDuration, fault);
        return ChunkLayout.Of(container) is { } layout ? new ChunkWalk(layout, maxDuration, fault) : null;
    }

    /// <summary>Follows all of a source.</summary>
    /// <param name="source">Can seek; stands at its first byte afterwards.</param>
    /// <param name="cancellationToken">Stops the walk.</param>
    /// <exception cref="AudioFormatException">The audio is cut off, damaged or too long.</exception>
    public async ValueTask RunAsync(ByteSource source, CancellationToken cancellationToken)
    {
        source.SeekTo(0);
        while (!_isLost && await source.FillAsync(1, cancellationToken).ConfigureAwait(false) > 0)
        {
            Push(source.Buffered);
            source.Consume(source.Buffered.Length);
            if (_toSkip <= ByteSource.CapacityBytes) continue;
            long skipped = await source.SkipAsync(_toSkip, cancellationToken).ConfigureAwait(false);
            _toSkip -= skipped;
            Position += skipped;
        }

        End();
        source.SeekTo(0);
    }

    /// <summary>Takes in the next bytes.</summary>
    /// <exception cref="AudioFormatException">The audio is damaged or too long.</exception>
    public void Push(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty && !_isLost)
        {
            int skipped = (int)Math.Min(_toSkip, bytes.Length);
            _toSkip -= skipped;
            Position += skipped;
            int count = Math.Min(bytes.Length - skipped, HeldBytes - _heldLength);
            bytes.Slice(skipped, count).CopyTo(_held.AsSpan(_heldLength));
            _heldLength += count;
            bytes = bytes[(skipped + count)..];
            Advance(isAtEnd: false);
        }
    }

    /// <summary>The bytes end here.</summary>
    /// <exception cref="AudioFormatException">The audio is cut off.</exception>
    public void End()
    {
        if (!_isLost) Advance(isAtEnd: true);
        if (_isLost) return;
        if (_toSkip > Slack) throw CutOff(_unitPosition);
        CheckEnd();
    }

    /// <summary>Whether what a decoder complains of is no damage, as far as the structure of the file tells; asked at its end.</summary>
    /// <param name="complaint">What it is.</param>
    /// <param name="decodedSeconds">How much it decoded.</param>
    public virtual bool Explains(ComplaintKind complaint, double decodedSeconds) => false;

    /// <summary>Measures the unit that the bytes begin with, and takes note of what it holds.</summary>
    /// <param name="bytes">At least one byte; it may be the start of a unit.</param>
    /// <param name="isAtEnd">Whether there are no more.</param>
    /// <returns>Its length, which may be more than the bytes; 0 when more of them are needed to tell, which cannot be at the end.</returns>
    protected abstract long Measure(ReadOnlySpan<byte> bytes, bool isAtEnd);

    /// <summary>Compares what was found with what headers claim.</summary>
    protected virtual void CheckEnd()
    {
    }

    /// <summary>Ends the walk: what follows is unknown, and the decoder has to tell.</summary>
    protected long GiveUp()
    {
        _isLost = true;
        return 0;
    }

    /// <summary>0 for more bytes where there can be some, else the fault that the unit is not whole.</summary>
    protected long NeedMore(bool isAtEnd) => isAtEnd ? throw CutOff(Position) : 0;

    protected AudioFormatException Fault(string message) => fault(message);

    protected void CheckClaim(double seconds) => DurationLimit.CheckClaim(seconds, maxDuration, fault);

    protected AudioFormatException Damage(string reason) => DamagedAudio.Fault(fault, reason, Seconds > 0 ? Seconds : null);

    private AudioFormatException CutOff(long position) => Damage($"the file ends inside the {UnitName} at byte {position}: it is cut off");

    private void Advance(bool isAtEnd)
    {
        int start = 0;
        while (start < _heldLength && _toSkip == 0)
        {
            long size = Measure(_held.AsSpan(start.._heldLength), isAtEnd);
            if (Seconds > maxDuration.TotalSeconds) throw DurationLimit.TooLong("the packets of the audio add up to more; ", maxDuration, fault);
            if (size == 0) break;
            _unitPosition = Position;
            int taken = (int)Math.Min(size, _heldLength - start);
            start += taken;
            Position += taken;
            _toSkip = size - taken;
        }

        _held.AsSpan(start.._heldLength).CopyTo(_held);
        _heldLength -= start;
    }
}
