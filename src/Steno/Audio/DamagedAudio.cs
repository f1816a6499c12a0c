namespace Steno.Audio;

/// <summary>Faults of audio that is cut off or damaged, which Steno does not take in part without a word.</summary>
internal static class DamagedAudio
{
    private const string Remedy = "'steno transcribe --damaged keep' transcribes what can be decoded (in the library: DamagedAudio)";

    /// <summary>Makes the exception.</summary>
    /// <param name="fault">Makes the exception of a message.</param>
    /// <param name="reason">What is wrong, without a full stop.</param>
    /// <param name="seconds">Where in the audio; null for its end.</param>
    public static AudioFormatException Fault(Func<string, AudioFormatException> fault, string reason, double? seconds = null)
    {
        AudioFormatException exception = fault($"{reason}. {Remedy}.");
        exception.Damage = reason;
        exception.DamageSeconds = seconds;
        return exception;
    }
}
