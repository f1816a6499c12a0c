namespace Steno.Tests.Packagings;

/// <summary>A tensor of a <see cref="SourceModel"/>.</summary>
internal sealed record SourceTensor(string Name, long[] Shape, float[] Values)
{
    public bool IsAudio => Name.StartsWith("thinker.audio_tower.", StringComparison.Ordinal);

    public bool IsEmbedding => Name.EndsWith("embed_tokens.weight", StringComparison.Ordinal);
}
