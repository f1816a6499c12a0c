using System.Text;

namespace Steno.Audio.Decoders;

/// <summary>Makes what a decoder says fit for a message: one line, printable, of bounded length.</summary>
internal static class ErrorText
{
    private const int MaxLength = 300;

    public static string Clean(string text)
    {
        var clean = new StringBuilder();
        foreach (char character in text.Trim())
        {
            if (clean.Length == MaxLength) return clean.Append("...").ToString();
            bool isPrintable = !char.IsControl(character) && !char.IsSurrogate(character) && character is not ('\u2028' or '\u2029' or '\uFFFD');
            clean.Append(isPrintable ? character : '?');
        }

        return clean.ToString().TrimEnd('.');
    }
}
