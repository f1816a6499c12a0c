namespace Steno;

/// <summary>How speech is told from other sound.</summary>
public enum VoiceActivityMethod
{
    /// <summary>Silero VAD 6, a small network. The default.</summary>
    Silero,

    /// <summary>What is clearly louder than the noise around it: in noise and music far less exact, but without a network.</summary>
    Energy,
}
