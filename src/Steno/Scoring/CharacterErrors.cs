namespace Steno.Scoring;

/// <summary>The characters in which a text differs from what it should be.</summary>
/// <param name="EditCount">Characters to change, add or leave out.</param>
/// <param name="CharacterCount">Characters of the text that it should be.</param>
internal readonly record struct CharacterErrors(int EditCount, int CharacterCount)
{
    /// <summary>Edits for each character of the text that it should be; where that is empty, the number of edits. Above 1 for a text that is too long.</summary>
    public double Rate => (double)EditCount / Math.Max(1, CharacterCount);

    /// <summary>The errors of two texts together.</summary>
    public static CharacterErrors operator +(CharacterErrors a, CharacterErrors b) => new(a.EditCount + b.EditCount, a.CharacterCount + b.CharacterCount);
}
