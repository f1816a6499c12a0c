using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Steno.Audio.Decoders;

/// <summary>The functions of libsndfile that Steno calls, found at run time.</summary>
internal sealed unsafe class SndfileLibrary
{
    private const int ReadMode = 0x10;

    private static readonly ConcurrentDictionary<string, SndfileLibrary?> Loaded = new(StringComparer.Ordinal);

    private readonly delegate* unmanaged[Cdecl]<SndfileVirtualIo*, int, SndfileInfo*, nint, nint> _openVirtual;
    private readonly delegate* unmanaged[Cdecl]<nint, float*, long, long> _readFrames;
    private readonly delegate* unmanaged[Cdecl]<nint, int> _error;
    private readonly delegate* unmanaged[Cdecl]<nint, byte*> _errorText;
    private readonly delegate* unmanaged[Cdecl]<nint, int> _close;

    private SndfileLibrary(string name, nint handle)
    {
        Name = name;
        _openVirtual = (delegate* unmanaged[Cdecl]<SndfileVirtualIo*, int, SndfileInfo*, nint, nint>)NativeLibrary.GetExport(handle, "sf_open_virtual");
        _readFrames = (delegate* unmanaged[Cdecl]<nint, float*, long, long>)NativeLibrary.GetExport(handle, "sf_readf_float");
        _error = (delegate* unmanaged[Cdecl]<nint, int>)NativeLibrary.GetExport(handle, "sf_error");
        _errorText = (delegate* unmanaged[Cdecl]<nint, byte*>)NativeLibrary.GetExport(handle, "sf_strerror");
        _close = (delegate* unmanaged[Cdecl]<nint, int>)NativeLibrary.GetExport(handle, "sf_close");
        var version = (delegate* unmanaged[Cdecl]<byte*>)NativeLibrary.GetExport(handle, "sf_version_string");
        Version = Text(version());
    }

    /// <summary>The name or path it was loaded by.</summary>
    public string Name { get; }

    /// <summary>What it says of its version.</summary>
    public string Version { get; }

    /// <summary>Loads the library, once for each name.</summary>
    /// <param name="name">Name or path; null for the names it has on this system.</param>
    /// <returns>The library; null when it is not there, or is another.</returns>
    public static SndfileLibrary? Load(string? name) => name == DecoderSettings.None ? null : Loaded.GetOrAdd(name ?? string.Empty, Find);

    /// <summary>Opens audio for reading.</summary>
    /// <param name="io">The functions that read it; copied by the library.</param>
    /// <param name="user">What they are called with.</param>
    /// <param name="info">What the audio is.</param>
    /// <returns>A handle; zero when the audio cannot be read.</returns>
    public nint Open(SndfileVirtualIo io, nint user, out SndfileInfo info)
    {
        SndfileInfo found = default;
        nint handle = _openVirtual(&io, ReadMode, &found, user);
        info = found;
        return handle;
    }

    /// <summary>Reads whole frames, interleaved.</summary>
    /// <returns>Frames read; fewer than fit at the end or at a fault, which <see cref="ErrorOf"/> tells apart.</returns>
    public long Read(nint handle, Span<float> samples, int channelCount)
    {
        fixed (float* destination = samples)
            return _readFrames(handle, destination, samples.Length / channelCount);
    }

    /// <summary>The fault of the last call; null when there was none.</summary>
    /// <param name="handle">What was opened, or zero for a failure to open.</param>
    public string? ErrorOf(nint handle)
    {
        if (_error(handle) == 0) return null;
        string text = ErrorText.Clean(Text(_errorText(handle)));
        return text.StartsWith("Error : ", StringComparison.Ordinal) ? text["Error : ".Length..] : text;
    }

    public void Close(nint handle) => _ = _close(handle);

    private static string Text(byte* text) => Marshal.PtrToStringUTF8((nint)text) ?? string.Empty;

    private static SndfileLibrary? Find(string name)
    {
        foreach (string candidate in name.Length > 0 ? [name] : CandidateNames())
        {
            if (!NativeLibrary.TryLoad(candidate, typeof(SndfileLibrary).Assembly, DllImportSearchPath.SafeDirectories, out nint handle)) continue;
            try
            {
                return new SndfileLibrary(candidate, handle);
            }
            catch (EntryPointNotFoundException)
            {
                NativeLibrary.Free(handle);
            }
        }

        return null;
    }

    private static string[] CandidateNames()
    {
        if (OperatingSystem.IsWindows()) return ["sndfile.dll", "libsndfile-1.dll", "libsndfile.dll"];
        return OperatingSystem.IsMacOS()
            ? ["libsndfile.1.dylib", "libsndfile.dylib", "/opt/homebrew/lib/libsndfile.dylib", "/usr/local/lib/libsndfile.dylib"]
            : ["libsndfile.so.1", "libsndfile.so"];
    }
}
