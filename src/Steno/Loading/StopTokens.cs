using System.Globalization;
using Steno.Checkpoints;
using Steno.Tokenization;

namespace Steno.Loading;

/// <summary>The tokens that end a text: those of the checkpoint, as far as they can be its tokenizer's.</summary>
internal static class StopTokens
{
    private const int ShownCount = 4;

    /// <summary>The ids, among which is always the one of <c>&lt;|im_end|&gt;</c>, with which the model ends its turn.</summary>
    /// <exception cref="ModelFormatException">The checkpoint's ids are of another vocabulary: texts would end in a word, or go on behind their end.</exception>
    public static IReadOnlyList<int> Of(Checkpoint checkpoint, BpeTokenizer tokenizer)
    {
        SpecialTokens tokens = tokenizer.SpecialTokens;
        if (checkpoint.StopTokenIds is not { } ids) return [tokens.EndOfText, tokens.ImEnd];
        bool isOwn = ids.All(tokenizer.IsSpecial) && (ids.Contains(tokens.EndOfText) || ids.Contains(tokens.ImEnd));
        return !isOwn ? throw Foreign(checkpoint, tokens, ids) : ids.Contains(tokens.ImEnd) ? ids : [.. ids, tokens.ImEnd];
    }

    private static ModelFormatException Foreign(Checkpoint checkpoint, SpecialTokens tokens, IReadOnlyList<int> ids)
    {
        string shown = string.Join(", ", ids.Take(ShownCount).Select(id => id.ToString(CultureInfo.InvariantCulture))) + (ids.Count > ShownCount ? ", ..." : string.Empty);
        string file = Directory.Exists(checkpoint.Location)
            ? Path.Combine(checkpoint.Location, GenerationConfigReader.FileName)
            : $"{checkpoint.Location} ({GenerationConfigReader.FileName})";
        return new ModelFormatException(
            "'eos_token_id' names tokens that end no text of this model: the file is another model's",
            file,
            expected: $"{tokens.EndOfText} (<|endoftext|>), {tokens.ImEnd} (<|im_end|>), or both",
            found: shown);
    }
}
