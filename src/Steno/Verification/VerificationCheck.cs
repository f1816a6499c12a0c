namespace Steno.Verification;

/// <summary>One thing that was checked.</summary>
/// <param name="Name">What.</param>
/// <param name="Expected">What should have been found.</param>
/// <param name="Found">What was found.</param>
/// <param name="Tolerance">How far the two may lie apart; empty where they must be equal.</param>
/// <param name="IsOk">Whether they agree.</param>
internal sealed record VerificationCheck(string Name, string Expected, string Found, string Tolerance, bool IsOk)
{
    /// <summary>A check of two values that must be equal.</summary>
    public static VerificationCheck Equal(string name, string expected, string found) =>
        new(name, expected, found, string.Empty, string.Equals(expected, found, StringComparison.Ordinal));

    /// <summary>A check of ids that must be equal.</summary>
    public static VerificationCheck Equal(string name, ReadOnlySpan<int> expected, ReadOnlySpan<int> found) =>
        new(name, Ids(expected), Ids(found), string.Empty, expected.SequenceEqual(found));

    /// <summary>A thing that is told and cannot fail.</summary>
    public static VerificationCheck Note(string name, string found) => new(name, string.Empty, found, string.Empty, IsOk: true);

    private static string Ids(ReadOnlySpan<int> ids)
    {
        const int ShownCount = 24;
        string shown = string.Join(' ', ids[..Math.Min(ids.Length, ShownCount)].ToArray());
        return ids.Length > ShownCount ? $"{shown} ... ({ids.Length} ids)" : shown;
    }
}
