namespace Steno.Decoding;

/// <summary>Takes the output of the model apart: <c>language English&lt;asr_text&gt;Hello.</c></summary>
internal static class TranscriptParser
{
    /// <summary>Separates the language header from the text.</summary>
    public const string TextTag = "<asr_text>";

    private const string LanguageWord = "language";
    private const string LanguagePrefix = "language ";
    private const string NoSpeech = "language none";

    /// <summary>Parses one output.</summary>
    /// <param name="raw">The decoded ids, special tokens left out.</param>
    /// <param name="forcedLanguage">The language that the prompt ended with, or null. Then all of the output is text, a header too.</param>
    /// <param name="isTruncated">True when a limit ended the output: it may then end within the header.</param>
    public static ParsedTranscript Parse(string raw, string? forcedLanguage, bool isTruncated = false)
    {
        string trimmed = PythonWhitespace.Trim(raw).ToString();
        if (trimmed.Length == 0) return new ParsedTranscript(string.Empty, string.Empty, IsRepetitionCollapsed: false);

        string output = RepetitionFixer.Fix(trimmed);
        bool isCollapsed = output.Length != trimmed.Length;
        if (forcedLanguage is not null) return new ParsedTranscript(forcedLanguage, output, isCollapsed);

        int tag = output.IndexOf(TextTag, StringComparison.Ordinal);
        if (tag < 0) return new ParsedTranscript(string.Empty, isTruncated && IsStartOfHeader(output) ? string.Empty : output, isCollapsed);

        string text = PythonWhitespace.Trim(output.AsSpan(tag + TextTag.Length)).ToString();
        return new ParsedTranscript(LanguageOf(output.AsSpan(0, tag)), text, isCollapsed);
    }

    /// <summary>Whether an output without a tag is a header that was cut off: the word <c>language</c>, then nothing or names with commas between, the last perhaps in part.</summary>
    public static bool IsStartOfHeader(ReadOnlySpan<char> output)
    {
        var start = PythonWhitespace.Trim(output);
        if (!start.StartsWith(LanguageWord, StringComparison.OrdinalIgnoreCase)) return false;
        var names = start[LanguageWord.Length..];
        if (names.IsEmpty) return true;
        if (names[0] != ' ') return false;
        foreach (char character in names[1..])
        {
            if (!char.IsLetter(character) && character is not (',' or '<' or '_')) return false;
        }

        return true;
    }

    /// <summary>The language that a header names; empty when it names none or says that there is no speech.</summary>
    private static string LanguageOf(ReadOnlySpan<char> header)
    {
        if (header.Contains(NoSpeech, StringComparison.OrdinalIgnoreCase)) return string.Empty;

        while (!header.IsEmpty)
        {
            var line = PythonWhitespace.Trim(PythonWhitespace.TakeLine(ref header));
            if (line.StartsWith(LanguagePrefix, StringComparison.OrdinalIgnoreCase))
                return Languages.Capitalize(PythonWhitespace.Trim(line[LanguagePrefix.Length..]));
        }

        return string.Empty;
    }
}
