using System.Text;

namespace Steno;

/// <summary>Turns any message into one line that is safe to print on a terminal.</summary>
internal static class OneLine
{
    public static string Of(string message)
    {
        var line = new StringBuilder(message.Length);
        foreach (char character in message)
        {
            if (character is '\r' or '\n' or '\t' or '\u2028' or '\u2029')
                AppendSpace(line);
            else
                line.Append(char.IsControl(character) ? '\uFFFD' : character);
        }

        return line.ToString().TrimEnd();
    }

    private static void AppendSpace(StringBuilder line)
    {
        if (line.Length > 0 && line[^1] != ' ')
            line.Append(' ');
    }
}
