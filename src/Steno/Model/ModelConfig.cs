namespace Steno.Model;

/// <summary>Every dimension of a checkpoint, as its config.json states it.</summary>
internal sealed record ModelConfig
{
    public required AudioEncoderConfig Audio { get; init; }

    public required TextDecoderConfig Text { get; init; }

    public required int AudioTokenId { get; init; }

    public required int AudioStartTokenId { get; init; }

    public required int AudioEndTokenId { get; init; }

    /// <summary>Language names in the checkpoint's order; empty when it lists none.</summary>
    public required IReadOnlyList<string> SupportedLanguages { get; init; }
}
