namespace Steno.Audio;

/// <summary>What a user can do about audio that is cut off or damaged, and that Steno does not take in part without a word.</summary>
internal static class DamagedAudio
{
    public const string Remedy = "To use what can be decoded, convert it first, for example with 'ffmpeg -i INPUT OUTPUT.wav'";
}
