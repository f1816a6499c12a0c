using System.Runtime.InteropServices;
using System.Text;

namespace Steno.Tokenization;

/// <summary>Unicode normalisation form C, which .NET itself performs only where ICU is present.</summary>
/// <remarks>Unicode Standard Annex 15: canonical decomposition, canonical ordering, canonical composition.</remarks>
internal static class Nfc
{
    /// <summary>Every code point below this one is in NFC, wherever it stands.</summary>
    private const char FirstAffected = '\u0300';

    /// <summary>Normalises a text; lone surrogates become U+FFFD unless nothing else had to change.</summary>
    /// <returns><paramref name="text"/> itself when it is in NFC already.</returns>
    public static string Normalize(string text)
    {
        if (text.AsSpan().IndexOfAnyInRange(FirstAffected, '\uffff') < 0 || IsNormalized(text)) return text;

        var codePoints = Decompose(text);
        var span = CollectionsMarshal.AsSpan(codePoints);
        Order(span);
        span = span[..Compose(span)];

        var normalized = new StringBuilder(span.Length);
        Span<char> units = stackalloc char[2];
        foreach (int codePoint in span) normalized.Append(units[..new Rune(codePoint).EncodeToUtf16(units)]);
        return normalized.ToString();
    }

    // The quick check of the annex: a "maybe" counts as a "no".
    private static bool IsNormalized(string text)
    {
        int previousClass = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (NfcTables.NeedsNormalization(rune.Value)) return false;
            int combiningClass = NfcTables.CombiningClass(rune.Value);
            if (combiningClass != 0 && combiningClass < previousClass) return false;
            previousClass = combiningClass;
        }

        return true;
    }

    private static List<int> Decompose(string text)
    {
        var codePoints = new List<int>(text.Length + (text.Length / 4));
        foreach (var rune in text.EnumerateRunes()) Append(codePoints, rune.Value);
        return codePoints;
    }

    private static void Append(List<int> codePoints, int codePoint)
    {
        if (Hangul.IsSyllable(codePoint))
        {
            var (lead, vowel, tail) = Hangul.Decompose(codePoint);
            codePoints.Add(lead);
            codePoints.Add(vowel);
            if (tail != Hangul.TailBase) codePoints.Add(tail);
        }
        else if (NfcTables.TryDecompose(codePoint, out int first, out int second))
        {
            Append(codePoints, first);
            if (second != 0) Append(codePoints, second);
        }
        else
        {
            codePoints.Add(codePoint);
        }
    }

    /// <summary>Sorts each run of non-starters by combining class, keeping the order of equals.</summary>
    private static void Order(Span<int> codePoints)
    {
        for (int start = 0; start < codePoints.Length; start++)
        {
            int end = start;
            bool isOrdered = true;
            for (int previous = 0; end < codePoints.Length; end++)
            {
                int combiningClass = NfcTables.CombiningClass(codePoints[end]);
                if (combiningClass == 0) break;
                isOrdered &= combiningClass >= previous;
                previous = combiningClass;
            }

            if (!isOrdered) SortByClass(codePoints[start..end]);
            start = end;
        }
    }

    // class in 8 bits, place in 35, code point in 21: sorting the keys sorts by class and is stable.
    private static void SortByClass(Span<int> marks)
    {
        ulong[] keys = new ulong[marks.Length];
        for (int i = 0; i < marks.Length; i++)
            keys[i] = ((ulong)NfcTables.CombiningClass(marks[i]) << 56) | ((ulong)i << 21) | (uint)marks[i];

        Array.Sort(keys);
        for (int i = 0; i < marks.Length; i++) marks[i] = (int)(keys[i] & 0x1F_FFFF);
    }

    /// <summary>Composes in place.</summary>
    /// <returns>The number of code points left.</returns>
    private static int Compose(Span<int> codePoints)
    {
        const int NoneBetween = -1;
        int length = 0;
        int starter = -1;
        int classBetween = NoneBetween;
        foreach (int codePoint in codePoints)
        {
            int combiningClass = NfcTables.CombiningClass(codePoint);

            // A code point is blocked from the starter by one between them of class 0 or of its own class or higher.
            if (starter >= 0 && classBetween < combiningClass && TryCompose(codePoints[starter], codePoint, out int composite))
            {
                codePoints[starter] = composite;
                continue;
            }

            if (combiningClass == 0)
            {
                starter = length;
                classBetween = NoneBetween;
            }
            else
            {
                classBetween = combiningClass;
            }

            codePoints[length++] = codePoint;
        }

        return length;
    }

    private static bool TryCompose(int first, int second, out int composite) =>
        Hangul.TryCompose(first, second, out composite) || NfcTables.TryCompose(first, second, out composite);
}
