using System.Runtime.InteropServices;

namespace Steno.Audio.Decoders;

/// <summary>The structure SF_VIRTUAL_IO of libsndfile: functions by which it reads.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct SndfileVirtualIo
{
    public delegate* unmanaged[Cdecl]<nint, long> Length;
    public delegate* unmanaged[Cdecl]<long, int, nint, long> Seek;
    public delegate* unmanaged[Cdecl]<void*, long, nint, long> Read;
    public delegate* unmanaged[Cdecl]<void*, long, nint, long> Write;
    public delegate* unmanaged[Cdecl]<nint, long> Tell;
}
