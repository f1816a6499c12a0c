namespace Steno.Audio.Containers;

/// <summary>A chunk of a file, by its header.</summary>
/// <param name="SizeBytes">Its size, header and padding included; only the header of one whose content is followed too.</param>
/// <param name="IsAudio">Whether something is missing from the audio when it is not whole.</param>
internal readonly record struct Chunk(long SizeBytes, bool IsAudio)
{
    /// <summary>More bytes are needed to tell.</summary>
    public static Chunk NeedsMore => default;

    /// <summary>What follows cannot be told: not a chunk, or one without a size.</summary>
    public static Chunk Unknown => new(-1, IsAudio: false);
}
