namespace Steno.Audio;

/// <summary>How one sample of a WAV file is stored; little-endian.</summary>
internal enum WavEncoding
{
    /// <summary>Unsigned bytes with 128 as zero.</summary>
    Pcm8,
    Pcm16,
    Pcm24,
    Pcm32,
    Float32,
    Float64,

    /// <summary>ITU-T G.711 A-law.</summary>
    ALaw,

    /// <summary>ITU-T G.711 mu-law.</summary>
    MuLaw,
}
