namespace Steno;

/// <summary>A decoder of audio other than WAV, as this machine has it or not.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Location">The library or program that was found; null when there is none.</param>
/// <param name="Version">What it says of its version; null when it says nothing.</param>
public sealed record AudioDecoderInfo(string Name, string? Location, string? Version);
