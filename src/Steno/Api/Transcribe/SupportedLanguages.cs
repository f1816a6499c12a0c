namespace Steno;

/// <summary>The languages that Qwen3-ASR names.</summary>
public static class SupportedLanguages
{
    /// <summary>The 30 names, in the model's order.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "Chinese", "English", "Cantonese", "Arabic", "German", "French", "Spanish", "Portuguese", "Indonesian", "Italian",
        "Korean", "Russian", "Thai", "Vietnamese", "Japanese", "Turkish", "Hindi", "Malay", "Dutch", "Swedish",
        "Danish", "Finnish", "Polish", "Czech", "Filipino", "Persian", "Greek", "Romanian", "Hungarian", "Macedonian",
    ];

    // ISO 639-1, and 639-3 where that has none.
    private static readonly string[] Codes =
    [
        "zh", "en", "yue", "ar", "de", "fr", "es", "pt", "id", "it",
        "ko", "ru", "th", "vi", "ja", "tr", "hi", "ms", "nl", "sv",
        "da", "fi", "pl", "cs", "fil", "fa", "el", "ro", "hu", "mk",
    ];

    /// <summary>The codes of ISO 639 for <see cref="Names"/>, in the same order.</summary>
    internal static IReadOnlyList<string> LanguageCodes => Codes;

    /// <summary>The language that a code stands for, in whatever case; null when it stands for none of them.</summary>
    internal static string? NameOfCode(string code)
    {
        int index = Array.FindIndex(Codes, known => string.Equals(known, code, StringComparison.OrdinalIgnoreCase));
        return index < 0 ? null : Names[index];
    }
}
