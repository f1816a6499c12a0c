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
}
