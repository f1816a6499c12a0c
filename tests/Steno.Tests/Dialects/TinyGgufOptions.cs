namespace Steno.Tests.Dialects;

/// <summary>How the weights of a <see cref="TinyGguf"/> are stored.</summary>
/// <param name="Type">GGML's name of the type of the matrices; convolutions are F16, vectors F32.</param>
/// <param name="Copies">How many times wider than the built-in model it is.</param>
/// <param name="AudioType">Another type for the audio tower.</param>
/// <param name="HeadType">Another type for embedding and head.</param>
/// <param name="OnlyIn">A part of the names of the matrices that are of the type; all others are F16.</param>
internal sealed record TinyGgufOptions(string Type, int Copies = 1, string? AudioType = null, string? HeadType = null, string? OnlyIn = null)
{
    /// <summary>The type of a matrix.</summary>
    public string TypeOf(string name)
    {
        if (OnlyIn is not null && !name.Contains(OnlyIn, StringComparison.Ordinal)) return "F16";
        if (name.EndsWith("embed_tokens.weight", StringComparison.Ordinal)) return HeadType ?? Type;
        return name.Contains("audio_tower", StringComparison.Ordinal) ? AudioType ?? Type : Type;
    }
}
