using System.Runtime.InteropServices;
using System.Text;

namespace Steno.Scoring;

/// <summary>Least number of characters to change, add or leave out to get from one text to another. A character is a Unicode scalar.</summary>
/// <remarks>
/// Levenshtein's distance by differences of neighbouring cells, 64 rows of a column in one word: Myers, "A fast bit-vector algorithm for approximate
/// string matching based on dynamic programming", JACM 46 (1999); the step with a difference from above as Hyyrö (2003). Rows are taken 64 at a time from
/// left to right, so that memory is linear. Texts that are alike meet near the diagonal: a band around it is computed, and doubled while the distance found
/// leaves room for a shorter way outside (Ukkonen, 1985). Time is at most that of 2.75 times all <c>m n / 64</c> words.
/// </remarks>
internal static class CharacterDistance
{
    private const int WordBits = 64;

    /// <summary>The distance.</summary>
    /// <param name="from">A text; lone surrogates count as U+FFFD.</param>
    /// <param name="to">The other.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public static int Between(string from, string to, CancellationToken cancellationToken = default)
    {
        ReadOnlySpan<int> rows = Scalars(from);
        ReadOnlySpan<int> columns = Scalars(to);
        int prefix = rows.CommonPrefixLength(columns);
        rows = rows[prefix..];
        columns = columns[prefix..];
        int suffix = CommonSuffixLength(rows, columns);
        rows = rows[..^suffix];
        columns = columns[..^suffix];
        if (rows.IsEmpty || columns.IsEmpty) return Math.Max(rows.Length, columns.Length);

        var symbols = new Dictionary<int, int>();
        int[] pattern = Numbered(rows, symbols);
        int[] text = Numbered(columns, symbols);
        int longest = Math.Max(pattern.Length, text.Length);
        int band = Math.Max(WordBits, Math.Abs(pattern.Length - text.Length));
        while (true)
        {
            int distance = WithinBand(pattern, text, symbols.Count, band, cancellationToken);

            // A way of this length stays that close to the diagonal: none outside the band is shorter.
            if (distance <= band || band >= longest) return distance;
            band = Math.Min(2 * band, distance);
        }
    }

    private static int[] Scalars(string text)
    {
        var scalars = new List<int>(text.Length);
        foreach (Rune rune in text.EnumerateRunes()) scalars.Add(rune.Value);
        return [.. scalars];
    }

    private static int CommonSuffixLength(ReadOnlySpan<int> a, ReadOnlySpan<int> b)
    {
        int length = 0;
        while (length < a.Length && length < b.Length && a[^(length + 1)] == b[^(length + 1)]) length++;
        return length;
    }

    private static int[] Numbered(ReadOnlySpan<int> scalars, Dictionary<int, int> symbols)
    {
        int[] numbers = new int[scalars.Length];
        for (int i = 0; i < numbers.Length; i++)
        {
            ref int number = ref CollectionsMarshal.GetValueRefOrAddDefault(symbols, scalars[i], out bool isKnown);
            if (!isKnown) number = symbols.Count - 1;
            numbers[i] = number;
        }

        return numbers;
    }

    /// <summary>The length of the shortest way through cells near the diagonal: never too small, and exact when it is no more than the band.</summary>
    private static int WithinBand(int[] pattern, int[] text, int symbolCount, int band, CancellationToken cancellationToken)
    {
        // steps[j]: what column j + 1 has above column j in the row between two words. Row 0 counts up; so does what no word has reached, by adding characters.
        sbyte[] steps = new sbyte[text.Length];
        Array.Fill(steps, (sbyte)1);
        ulong[] matches = new ulong[symbolCount];
        int left = 0;
        int first = 0;
        for (int top = 0; top < pattern.Length; top += WordBits)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ReadOnlySpan<int> rows = pattern.AsSpan(top, Math.Min(WordBits, pattern.Length - top));
            int start = Math.Max(0, top - band);
            left += Sum(steps.AsSpan(first, start - first));
            first = start;
            int end = (int)Math.Min(text.Length, (long)top + rows.Length + band);
            for (int i = 0; i < rows.Length; i++) matches[rows[i]] |= 1UL << i;
            Advance(matches, text.AsSpan(start, end - start), steps.AsSpan(start, end - start), rows.Length);
            foreach (int symbol in rows) matches[symbol] = 0;

            // Down the left edge of the band, by leaving out characters.
            left += rows.Length;
        }

        return left + Sum(steps.AsSpan(first));
    }

    /// <summary>Takes one word of rows through columns.</summary>
    /// <param name="matches">For each symbol the rows that have it.</param>
    /// <param name="text">The symbols of the columns.</param>
    /// <param name="steps">Differences of the row above the word; becomes those of its last row.</param>
    /// <param name="rowCount">Rows in the word.</param>
    private static void Advance(ulong[] matches, ReadOnlySpan<int> text, Span<sbyte> steps, int rowCount)
    {
        int last = rowCount - 1;
        ulong up = ulong.MaxValue; // rows that are 1 above the row before; on the left edge all
        ulong down = 0; // rows that are 1 below it
        for (int j = 0; j < text.Length; j++)
        {
            ulong equal = matches[text[j]];
            ulong stepsDown = (ulong)(steps[j] >> 7) & 1;
            ulong stepsUp = (ulong)steps[j] & 1 & ~stepsDown;
            ulong vertical = equal | down;
            equal |= stepsDown;
            ulong diagonal = (((equal & up) + up) ^ up) | equal;
            ulong right = down | ~(diagonal | up);
            ulong fall = up & diagonal;
            steps[j] = (sbyte)((int)((right >> last) & 1) - (int)((fall >> last) & 1));
            right = (right << 1) | stepsUp;
            fall = (fall << 1) | stepsDown;
            up = fall | ~(vertical | right);
            down = right & vertical;
        }
    }

    private static int Sum(ReadOnlySpan<sbyte> steps)
    {
        int sum = 0;
        foreach (sbyte step in steps) sum += step;
        return sum;
    }
}
