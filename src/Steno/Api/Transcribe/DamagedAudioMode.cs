namespace Steno;

/// <summary>What becomes of audio that is cut off or damaged.</summary>
public enum DamagedAudioMode
{
    /// <summary>It is an <see cref="AudioFormatException"/>. The default.</summary>
    Refuse,

    /// <summary>What can be decoded is transcribed, and <see cref="Transcript.Damage"/> says from where on it is not to be relied on.</summary>
    Keep,
}
