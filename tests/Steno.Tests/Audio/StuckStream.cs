namespace Steno.Tests.Audio;

/// <summary>Gives its content, then blocks its caller until it is disposed, whatever the token says.</summary>
internal sealed class StuckStream(byte[] content, bool blocksCaller) : Stream
{
    private readonly ManualResetEventSlim _disposed = new();
    private int _position;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        int part = Math.Min(count, content.Length - _position);
        content.AsSpan(_position, part).CopyTo(buffer.AsSpan(offset));
        _position += part;
        if (part == 0) _disposed.Wait(CancellationToken.None);
        return part;
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        byte[] bytes = new byte[buffer.Length];
        return blocksCaller ? new ValueTask<int>(Copy()) : new ValueTask<int>(Task.Run(Copy, CancellationToken.None));

        int Copy()
        {
            int count = Read(bytes, 0, bytes.Length);
            bytes.AsMemory(0, count).CopyTo(buffer);
            return count;
        }
    }

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        _disposed.Set();
        base.Dispose(disposing);
    }
}
