using Steno.Audio.Decoders;

namespace Steno.Audio;

/// <summary>How audio is opened.</summary>
internal sealed record AudioInputOptions
{
    /// <summary>Longest audio that is accepted where nobody says otherwise.</summary>
    public static TimeSpan DefaultMaxDuration => TimeSpan.FromHours(12);

    /// <summary>What the bytes hold.</summary>
    public AudioEncoding Encoding { get; init; } = AudioEncoding.Auto;

    /// <summary>Which audio track of a container, counted from 1.</summary>
    public int Track { get; init; } = 1;

    /// <summary>Longest audio that is accepted.</summary>
    public TimeSpan MaxDuration { get; init; } = DefaultMaxDuration;

    /// <summary>Where decoders are looked for; null for what the environment says.</summary>
    public DecoderSettings? Decoders { get; init; }

    /// <summary>Takes note of damage, behind which the audio goes on as far as it can be decoded; null to refuse damaged audio.</summary>
    public DamageLog? Damage { get; init; }

    /// <summary>Called when a stream is taken for raw samples because it begins like nothing else.</summary>
    public Action? OnRawAssumed { get; init; }

    public static implicit operator AudioInputOptions(AudioEncoding encoding) => new() { Encoding = encoding };
}
