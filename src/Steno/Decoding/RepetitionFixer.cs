using System.Text;

namespace Steno.Decoding;

/// <summary>Collapses what the model repeats when it loops.</summary>
/// <remarks>
/// The rule of the official package, on code points: first every run of more than 20 equal characters becomes one character; then, from left to
/// right, a pattern of 1 to 20 characters that stands there at least 20 times in a row becomes one pattern, the shortest pattern going first.
/// Fewer than 40 characters are never searched for patterns. Linear: each of the 20 periods compares a character at most once.
/// </remarks>
internal static class RepetitionFixer
{
    private const int Threshold = 20;
    private const int MaxPeriod = 20;
    private const int MinSearchLength = 2 * Threshold;

    /// <summary>Collapses the repetitions in a text.</summary>
    /// <returns><paramref name="text"/> itself when there are none.</returns>
    public static string Fix(string text)
    {
        // Characters are at most as many as UTF-16 units.
        if (text.Length <= Threshold) return text;

        int[] codePoints = ToCodePoints(text);
        int[] collapsed = CollapsePatterns(CollapseRuns(codePoints));
        return collapsed.Length == codePoints.Length ? text : ToText(collapsed);
    }

    private static int[] CollapseRuns(int[] text)
    {
        var kept = new List<int>(text.Length);
        for (int start = 0, end; start < text.Length; start = end)
        {
            end = start + 1;
            while (end < text.Length && text[end] == text[start]) end++;
            kept.AddRange(text.AsSpan(start, end - start > Threshold ? 1 : end - start));
        }

        return [.. kept];
    }

    private static int[] CollapsePatterns(int[] text)
    {
        var kept = new List<int>(text.Length);
        int[] equalUpTo = new int[MaxPeriod + 1];
        int start = 0;
        while (start <= text.Length - MinSearchLength)
        {
            int period = FindPeriod(text, start, equalUpTo);
            kept.AddRange(text.AsSpan(start, Math.Max(period, 1)));
            start += period == 0 ? 1 : period * (1 + ((equalUpTo[period] - start) / period));
        }

        kept.AddRange(text.AsSpan(start));
        return [.. kept];
    }

    /// <summary>The shortest period that holds for 20 repetitions from <paramref name="start"/>, or 0.</summary>
    /// <param name="text">Code points.</param>
    /// <param name="start">Where the repetitions begin; never decreases from call to call.</param>
    /// <param name="equalUpTo">
    /// For each period k the first place from <paramref name="start"/> at which text[i] is not text[i + k]: kept between calls,
    /// since it stays true until <paramref name="start"/> has passed it.
    /// </param>
    private static int FindPeriod(int[] text, int start, int[] equalUpTo)
    {
        for (int period = 1; period <= MaxPeriod && start + (Threshold * period) <= text.Length; period++)
        {
            int end = Math.Max(equalUpTo[period], start);
            while (end + period < text.Length && text[end] == text[end + period]) end++;
            equalUpTo[period] = end;
            if (end - start >= (Threshold - 1) * period) return period;
        }

        return 0;
    }

    // A lone surrogate counts as a character of its own.
    private static int[] ToCodePoints(string text)
    {
        var codePoints = new List<int>(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            bool isPair = char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]);
            codePoints.Add(isPair ? char.ConvertToUtf32(text[i], text[i + 1]) : text[i]);
            if (isPair) i++;
        }

        return [.. codePoints];
    }

    private static string ToText(int[] codePoints)
    {
        var text = new StringBuilder(codePoints.Length);
        foreach (int codePoint in codePoints)
        {
            if (codePoint < 0x10000)
                text.Append((char)codePoint);
            else
                text.Append(new Rune(codePoint));
        }

        return text.ToString();
    }
}
