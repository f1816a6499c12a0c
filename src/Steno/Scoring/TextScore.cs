namespace Steno.Scoring;

/// <summary>How far a text lies from what it should be.</summary>
/// <param name="Exact">As the texts are.</param>
/// <param name="Normalized">Without what <see cref="NormalizedText"/> takes away: case and marks.</param>
internal readonly record struct TextScore(CharacterErrors Exact, CharacterErrors Normalized)
{
    /// <summary>Compares.</summary>
    /// <param name="expected">What the text should be.</param>
    /// <param name="actual">The text.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public static TextScore Of(string expected, string actual, CancellationToken cancellationToken = default)
    {
        return new TextScore(Count(expected, actual), Count(NormalizedText.Of(expected), NormalizedText.Of(actual)));

        CharacterErrors Count(string reference, string text) =>
            new(CharacterDistance.Between(reference, text, cancellationToken), reference.EnumerateRunes().Count());
    }

    /// <summary>The scores of two texts together.</summary>
    public static TextScore operator +(TextScore a, TextScore b) => new(a.Exact + b.Exact, a.Normalized + b.Normalized);
}
