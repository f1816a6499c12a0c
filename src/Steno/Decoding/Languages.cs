using System.Text;

namespace Steno.Decoding;

/// <summary>Names of languages, as the model writes them.</summary>
internal static class Languages
{
    /// <summary>Finds the supported language that a caller names, or gives by its code, in whatever case.</summary>
    /// <param name="name">A name or a code such as <c>de</c>; null or blank asks for automatic detection.</param>
    /// <param name="supported">The names that there are.</param>
    /// <returns>The name as the model writes it, or null for automatic detection.</returns>
    /// <exception cref="ArgumentException">The language is not supported.</exception>
    public static string? Normalize(string? name, IReadOnlyList<string> supported)
    {
        var trimmed = PythonWhitespace.Trim(name);
        if (trimmed.IsEmpty) return null;

        string normalized = SupportedLanguages.NameOfCode(trimmed.ToString()) ?? Capitalize(trimmed);
        return supported.Contains(normalized, StringComparer.Ordinal)
            ? normalized
            : throw new ArgumentException($"'{name}' is not a supported language; give one of {string.Join(", ", supported)}, or none to detect it.", nameof(name));
    }

    /// <summary>Joins the languages of consecutive pieces: empty ones and immediate repetitions go.</summary>
    /// <returns>Names with commas between them; empty when there are none.</returns>
    public static string Merge(IEnumerable<string> languages)
    {
        var merged = new List<string>();
        foreach (string language in languages)
        {
            if (language.Length > 0 && (merged.Count == 0 || merged[^1] != language)) merged.Add(language);
        }

        return string.Join(',', merged);
    }

    /// <summary>First character in upper case, the others in lower case.</summary>
    public static string Capitalize(ReadOnlySpan<char> name)
    {
        var capitalized = new StringBuilder(name.Length);
        foreach (var rune in name.EnumerateRunes())
            capitalized.Append(capitalized.Length == 0 ? Rune.ToUpperInvariant(rune) : Rune.ToLowerInvariant(rune));
        return capitalized.ToString();
    }
}
