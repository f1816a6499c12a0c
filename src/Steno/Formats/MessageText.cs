using System.Text;

namespace Steno.Formats;

/// <summary>Text out of a file, made fit for a one-line message.</summary>
internal static class MessageText
{
    /// <summary>Longest excerpt, in UTF-16 units.</summary>
    public const int MaxLength = 120;

    /// <summary>The text with control characters and unpaired surrogates as \uXXXX, and with its length where it had to be cut.</summary>
    public static string Excerpt(string text)
    {
        var excerpt = new StringBuilder(Math.Min(text.Length, MaxLength));
        int index = 0;
        while (index < text.Length && excerpt.Length < MaxLength)
        {
            bool isPair = char.IsSurrogatePair(text, index);
            if (isPair)
                excerpt.Append(text, index, 2);
            else if (char.IsControl(text[index]) || char.IsSurrogate(text[index]) || text[index] is '\u2028' or '\u2029')
                excerpt.Append("\\u").Append(((int)text[index]).ToString("X4", null));
            else
                excerpt.Append(text[index]);
            index += isPair ? 2 : 1;
        }
        if (index < text.Length) excerpt.Append("... (").Append(text.Length).Append(" characters)");
        return excerpt.ToString();
    }
}
