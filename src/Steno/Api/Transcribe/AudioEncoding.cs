namespace Steno;

/// <summary>How the bytes of an audio stream are to be read.</summary>
public enum AudioEncoding
{
    /// <summary>
    /// A file of the format whose signature the stream begins with, such as WAV, MP3, FLAC, Ogg, MP4 or WebM; without a signature,
    /// <see cref="Pcm16"/>. The default.
    /// </summary>
    Auto,

    /// <summary>Raw signed 16-bit little-endian samples, 16 kHz, one channel.</summary>
    Pcm16,

    /// <summary>Raw 32-bit little-endian floats, 16 kHz, one channel.</summary>
    Float32,
}
