namespace Steno.Tests.Support;

/// <summary>What a composed talk is like.</summary>
internal sealed record TalkOptions
{
    /// <summary>Talks of one seed and the same options are the same, sample by sample.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>How long it is at least; it ends with a whole sentence.</summary>
    public TimeSpan Length { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How far steady noise lies below the mean power of the words, in dB; null for none.</summary>
    public double? NoiseBelow { get; init; }

    /// <summary>Whether something like music is heard in some pauses.</summary>
    public bool HasMusic { get; init; }

    /// <summary>Whether only voices speak that the built-in model was trained on.</summary>
    public bool IsKnownOnly { get; init; }

    /// <summary>One language alone; null for all.</summary>
    public string? Language { get; init; }
}
