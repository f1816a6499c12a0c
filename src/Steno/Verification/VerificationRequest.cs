namespace Steno.Verification;

/// <summary>What to verify.</summary>
internal sealed record VerificationRequest
{
    /// <summary>The checkpoint directory, or a GGUF file.</summary>
    public required string Directory { get; init; }

    /// <summary>The other file of a pair of GGUF files; null to look for it beside the first.</summary>
    public string? CompanionPath { get; init; }

    /// <summary>Directories of adapters to apply, in order.</summary>
    public IReadOnlyList<string> Adapters { get; init; } = [];

    /// <summary>Speech, 16 kHz mono.</summary>
    public required float[] Recording { get; init; }

    /// <summary>True when it is the recording that <see cref="PublishedFacts"/> speak of.</summary>
    public required bool IsPublishedRecording { get; init; }

    /// <summary>Directory of reference activations; null to use the folder <c>golden</c> of the checkpoint where there is one.</summary>
    public string? GoldensDirectory { get; init; }

    public VerificationFacts Facts { get; init; }

    public WeightPrecision Weights { get; init; }

    /// <summary>Threads that compute; null for one for each processor.</summary>
    public int? ThreadCount { get; init; }
}
