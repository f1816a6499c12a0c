using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Steno.Audio.Decoders;

/// <summary>Lets libsndfile read a stream. No exception passes through its frames: a fault ends the audio and is kept.</summary>
internal sealed unsafe class SndfileInput : IDisposable
{
    private readonly Stream _stream;
    private readonly long _origin;
    private readonly long _length;
    private GCHandle _self;
    private volatile bool _isStopped;

    /// <summary>Wraps a stream that can seek and stands at the first byte.</summary>
    public SndfileInput(Stream stream, long length)
    {
        _stream = stream;
        _origin = stream.Position;
        _length = length;
        _self = GCHandle.Alloc(this);
    }

    /// <summary>What the functions have to be called with.</summary>
    public nint User => GCHandle.ToIntPtr(_self);

    /// <summary>What went wrong with the stream; null when nothing did.</summary>
    public Exception? Fault { get; private set; }

    public static SndfileVirtualIo Functions => new() { Length = &GetLength, Seek = &Seek, Read = &Read, Write = &Write, Tell = &Tell };

    /// <summary>Makes the audio end here, so that a call of the library that goes on without end finds one.</summary>
    public void Stop() => _isStopped = true;

    public void Dispose()
    {
        if (_self.IsAllocated) _self.Free();
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static long GetLength(nint user) => Of(user)._length;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static long Seek(long offset, int whence, nint user) => Of(user).Seek(offset, whence);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static long Read(void* destination, long count, nint user) => Of(user).Read(new Span<byte>(destination, (int)Math.Clamp(count, 0, int.MaxValue)));

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static long Write(void* source, long count, nint user) => 0;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static long Tell(nint user) => Of(user).Guarded(static input => input._stream.Position - input._origin);

    private static SndfileInput Of(nint user) => (SndfileInput)GCHandle.FromIntPtr(user).Target!;

    private long Seek(long offset, int whence)
    {
        return Guarded(input =>
        {
            long start = (SeekOrigin)whence switch
            {
                SeekOrigin.Current => _stream.Position - _origin,
                SeekOrigin.End => _length,
                _ => 0,
            };
            long target = start + offset;
            if (target < 0 || target > _length) return -1;
            input._stream.Position = _origin + target;
            return target;
        });
    }

    private long Read(Span<byte> destination)
    {
        long total = 0;
        try
        {
            while (!destination.IsEmpty && !_isStopped && Fault is null)
            {
                int read = _stream.Read(destination);
                if (read == 0) break;
                destination = destination[read..];
                total += read;
            }
        }
        catch (Exception exception)
        {
            Fault = exception;
        }

        return total;
    }

    private long Guarded(Func<SndfileInput, long> action)
    {
        try
        {
            return _isStopped ? -1 : action(this);
        }
        catch (Exception exception)
        {
            Fault = exception;
            return -1;
        }
    }
}
