namespace Steno.Checkpoints;

/// <summary>The names that checkpoints give their tensors, told apart by the name of the embedding table.</summary>
internal sealed class CheckpointNames
{
    private readonly (string Original, string Stored)[] _prefixes;

    private CheckpointNames(params (string Original, string Stored)[] prefixes) => _prefixes = prefixes;

    /// <summary>The names of the original checkpoints, which are Steno's.</summary>
    public static CheckpointNames Original { get; } = new();

    /// <summary>Those of the native Transformers port (repositories whose names end in -hf).</summary>
    public static CheckpointNames Port { get; } = new(
        ("thinker.audio_tower.proj1.", "model.multi_modal_projector.linear_1."),
        ("thinker.audio_tower.proj2.", "model.multi_modal_projector.linear_2."),
        ("thinker.audio_tower.", "model.audio_tower."),
        ("thinker.model.", "model.language_model."),
        ("thinker.lm_head.", "lm_head."));

    /// <summary>The original ones without their first part, as MLX has them.</summary>
    public static CheckpointNames Stripped { get; } = new(("thinker.", ""));

    /// <summary>Finds out which names are used; the original ones where it cannot be told.</summary>
    /// <param name="sortedNames">All names, in ordinal order.</param>
    public static CheckpointNames Of(string[] sortedNames)
    {
        foreach (CheckpointNames names in new[] { Original, Port, Stripped })
        {
            string prefix = names.Translate(ModelTensors.EmbedTokens[..(ModelTensors.EmbedTokens.LastIndexOf('.') + 1)]);
            int first = Array.BinarySearch(sortedNames, prefix, StringComparer.Ordinal);
            int next = first < 0 ? ~first : first;
            if (next < sortedNames.Length && sortedNames[next].StartsWith(prefix, StringComparison.Ordinal)) return names;
        }

        return Original;
    }

    /// <summary>The name that a tensor of this original name has.</summary>
    public string Translate(string name)
    {
        foreach ((string original, string stored) in _prefixes)
        {
            if (name.StartsWith(original, StringComparison.Ordinal)) return stored + name[original.Length..];
        }

        return name;
    }

    /// <summary>The original name of a tensor that has this one.</summary>
    public string ToOriginal(string name)
    {
        foreach ((string original, string stored) in _prefixes)
        {
            if (name.StartsWith(stored, StringComparison.Ordinal)) return original + name[stored.Length..];
        }

        return name;
    }
}
