namespace Steno;

/// <summary>What a stored model does.</summary>
public enum ModelKind
{
    /// <summary>None that Steno knows, or not known before it is whole.</summary>
    Other,

    /// <summary>Qwen3-ASR: speech to text.</summary>
    SpeechToText,

    /// <summary>Qwen3-ForcedAligner: the times of the words of a given text.</summary>
    ForcedAligner,

    /// <summary>Silero VAD: where speech is.</summary>
    VoiceActivity,
}
