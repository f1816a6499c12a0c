using System.Text;

namespace Steno.Exporting;

/// <summary>The BCP 47 codes of the languages that Qwen3-ASR names in English.</summary>
internal static class LanguageCodes
{
    private static readonly (string Name, string Code)[] Codes =
    [
        ("Chinese", "zh"), ("English", "en"), ("Cantonese", "yue"), ("Arabic", "ar"), ("German", "de"), ("French", "fr"),
        ("Spanish", "es"), ("Portuguese", "pt"), ("Indonesian", "id"), ("Italian", "it"), ("Korean", "ko"), ("Russian", "ru"),
        ("Thai", "th"), ("Vietnamese", "vi"), ("Japanese", "ja"), ("Turkish", "tr"), ("Hindi", "hi"), ("Malay", "ms"),
        ("Dutch", "nl"), ("Swedish", "sv"), ("Danish", "da"), ("Finnish", "fi"), ("Polish", "pl"), ("Czech", "cs"),
        ("Filipino", "fil"), ("Persian", "fa"), ("Greek", "el"), ("Romanian", "ro"), ("Hungarian", "hu"), ("Macedonian", "mk"),
    ];

    /// <summary>The codes of languages, in their order; a name that has none stays as it is.</summary>
    public static byte[][] Of(IEnumerable<string> names) =>
        [.. names.Select(name => Encoding.UTF8.GetBytes(Array.Find(Codes, entry => entry.Name == name).Code ?? name))];
}
