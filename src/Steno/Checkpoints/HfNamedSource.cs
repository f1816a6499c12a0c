using Steno.Tensors;

namespace Steno.Checkpoints;

/// <summary>
/// A checkpoint of the native Transformers port (repositories whose names end in -hf), under the original tensor names.
/// The tensors that it gives keep the names of their file, so that a message leads to the right place.
/// </summary>
internal sealed class HfNamedSource(IWeightSource source) : IWeightSource
{
    // Original prefix and that of the port; the first that fits counts.
    private static readonly (string Original, string Port)[] Prefixes =
    [
        ("thinker.audio_tower.proj1.", "model.multi_modal_projector.linear_1."),
        ("thinker.audio_tower.proj2.", "model.multi_modal_projector.linear_2."),
        ("thinker.audio_tower.", "model.audio_tower."),
        ("thinker.model.", "model.language_model."),
        ("thinker.lm_head.", "lm_head."),
    ];

    /// <inheritdoc/>
    public string Location => source.Location;

    /// <summary>Whether a checkpoint uses the names of the port.</summary>
    public static bool IsNeededFor(IWeightSource source) =>
        !source.TryGetTensor(EmbeddingName, out _) && source.TryGetTensor(PortName(EmbeddingName), out _);

    /// <inheritdoc/>
    public bool TryGetTensor(string name, out TensorView tensor) => source.TryGetTensor(PortName(name), out tensor);

    /// <summary>Disposes the checkpoint that this one renames.</summary>
    public void Dispose() => source.Dispose();

    private const string EmbeddingName = "thinker.model.embed_tokens.weight";

    private static string PortName(string name)
    {
        foreach ((string original, string port) in Prefixes)
        {
            if (name.StartsWith(original, StringComparison.Ordinal)) return port + name[original.Length..];
        }
        return name;
    }
}
