namespace Steno;

/// <summary>Damage to audio of which all that could be decoded was transcribed (<see cref="DamagedAudioMode.Keep"/>).</summary>
/// <param name="At">
/// Where it is in the audio that was transcribed: exact for audio that ends too soon, else to about a second. Behind it words may be missing or wrong.
/// </param>
/// <param name="Reason">What is wrong, in one line; of several faults the first.</param>
public sealed record AudioDamage(TimeSpan At, string Reason);
