namespace Steno.Audio.Containers;

/// <summary>What a decoder complains of.</summary>
internal enum ComplaintKind
{
    /// <summary>Bytes that are no audio stand where it looked for some.</summary>
    Stray,

    /// <summary>Fewer bytes are there than were to be.</summary>
    Short,

    /// <summary>All else: audio that does not decode.</summary>
    Damage,
}
