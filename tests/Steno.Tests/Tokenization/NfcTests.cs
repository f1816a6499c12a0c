using System.Globalization;
using System.Text;
using Steno.Tokenization;

namespace Steno.Tests.Tokenization;

public sealed class NfcTests
{
    // Code points that got a combining class or a decomposition in Unicode 14.0 to 15.1, which an older ICU lacks,
    // or in 16.0 to 17.0, which our table lacks.
    private static readonly (int First, int Last)[] RecentlyChanged =
    [
        (0x0897, 0x089F), (0x08CA, 0x08D2), (0x0C3C, 0x0C3C), (0x1715, 0x1715), (0x1AC1, 0x1AEB), (0x1DFA, 0x1DFA),
        (0x105C9, 0x105E4), (0x10D69, 0x10D6D), (0x10EFA, 0x10EFF), (0x10F82, 0x10F85), (0x11070, 0x11070), (0x11383, 0x11391),
        (0x113C5, 0x113D0), (0x11F41, 0x11F42), (0x16121, 0x1612F), (0x16D68, 0x16D6A), (0x1E08F, 0x1E08F), (0x1E2AE, 0x1E2AE),
        (0x1E4EC, 0x1E4EF), (0x1E5EE, 0x1E5EF), (0x1E6E3, 0x1E6F5),
    ];

    // Chosen from the Unicode Character Database and from Annex 15, so that they need no ICU.
    [Theory]
    [InlineData("", "")]
    [InlineData("plain ASCII", "plain ASCII")]
    [InlineData("e\u0301", "\u00E9")]
    [InlineData("\u212B", "\u00C5")] // a singleton
    [InlineData("A\u030A", "\u00C5")]
    [InlineData("\u2126", "\u03A9")]
    [InlineData("\uFB01", "\uFB01")] // compatibility only
    [InlineData("\u1E9B\u0323", "\u1E9B\u0323")]
    [InlineData("q\u0307\u0323", "q\u0323\u0307")] // reordered, not composed
    [InlineData("\u1E0B\u0323", "\u1E0D\u0307")] // decomposed, reordered, composed otherwise
    [InlineData("s\u0323\u0307", "\u1E69")]
    [InlineData("s\u0307\u0323", "\u1E69")]
    [InlineData("a\u0308\u0301", "\u00E4\u0301")] // diaeresis and acute have one class: the second is blocked
    [InlineData("a\u0301\u0308", "\u00E1\u0308")]
    [InlineData("\u0301a", "\u0301a")]
    [InlineData("\u0958", "\u0915\u093C")] // excluded from composition
    [InlineData("\u0915\u093C", "\u0915\u093C")]
    [InlineData("\u0344", "\u0308\u0301")]
    [InlineData("\u1100\u1161", "\uAC00")]
    [InlineData("\u1100\u1161\u11A8", "\uAC01")]
    [InlineData("\uAC00\u11A8", "\uAC01")]
    [InlineData("\uAC01\u11A8", "\uAC01\u11A8")]
    [InlineData("\uAC00\u11A7", "\uAC00\u11A7")] // U+11A7 is no tail
    [InlineData("\u304B\u3099", "\u304C")]
    [InlineData("\u0B47\u0B3E", "\u0B4B")] // two starters compose
    [InlineData("\u0B47\u0300\u0B3E", "\u0B47\u0300\u0B3E")] // and are blocked by a mark between
    [InlineData("\U0001D15E", "\U0001D157\U0001D165")]
    [InlineData("\U00011099\U000110BA", "\U0001109A")]
    [InlineData("\U0002F800", "\u4E3D")]
    public void Known_texts_have_their_composed_form(string text, string expected) => Assert.Equal(expected, Nfc.Normalize(text));

    [Theory]
    [InlineData("Grüße, señor")]
    [InlineData("你好，世界")]
    [InlineData("한국어")]
    [InlineData("นมัสเต")]
    [InlineData("🙂")]
    public void Text_in_normal_form_is_returned_as_it_is(string text) => Assert.Same(text, Nfc.Normalize(text));

    [Fact]
    public void Every_code_point_is_composed_as_ICU_does()
    {
        RequireIcu();
        for (int codePoint = 0; codePoint <= 0x10FFFF; codePoint++)
        {
            if (codePoint is >= 0xD800 and <= 0xDFFF || IsTooRecent(codePoint)) continue;

            string alone = char.ConvertFromUtf32(codePoint);
            AssertLikeIcu(alone);
            AssertLikeIcu("a" + alone + "\u0323\u0301");
            AssertLikeIcu("o\u0302" + alone + "\u0316");
            if (alone.Normalize(NormalizationForm.FormD) is var decomposed && decomposed != alone) AssertLikeIcu(decomposed);
        }
    }

    [Fact]
    public void Random_sequences_of_marks_and_bases_are_composed_as_ICU_does()
    {
        RequireIcu();
        int[] affected =
        [
            .. Enumerable.Range(0, 0x30000)
                .Where(codePoint => codePoint is < 0xD800 or > 0xDFFF && !IsTooRecent(codePoint))
                .Where(codePoint => NfcTables.CombiningClass(codePoint) != 0 || NfcTables.NeedsNormalization(codePoint) || NfcTables.TryDecompose(codePoint, out _, out _)),
        ];
        Assert.InRange(affected.Length, 2500, 3500);

        var random = new Random(41);
        var text = new StringBuilder();
        for (int round = 0; round < 50_000; round++)
        {
            text.Clear();
            for (int length = random.Next(1, 12); length > 0; length--)
            {
                int codePoint = random.Next(4) switch
                {
                    0 => "aeiousqAOU"[random.Next(10)],
                    1 => random.Next(0x300, 0x345),
                    2 => random.Next(3) switch { 0 => random.Next(0x1100, 0x1113), 1 => random.Next(0x1161, 0x1176), _ => random.Next(0x11A7, 0x11C3) },
                    _ => affected[random.Next(affected.Length)],
                };
                text.Append(char.ConvertFromUtf32(codePoint));
            }

            AssertLikeIcu(text.ToString());
        }
    }

    [Fact]
    public void A_long_run_of_marks_takes_no_quadratic_time()
    {
        string marks = string.Concat(Enumerable.Repeat("\u0301\u0323", 250_000));

        string normalized = Nfc.Normalize(marks);

        Assert.Equal(new string('\u0323', 250_000) + new string('\u0301', 250_000), normalized);
    }

    private static void RequireIcu() =>
        Assert.SkipUnless("e\u0301".Normalize() == "\u00E9", "string.Normalize does nothing here: the runtime has no ICU");

    private static void AssertLikeIcu(string text)
    {
        string expected = text.Normalize(NormalizationForm.FormC);
        string actual = Nfc.Normalize(text);
        if (expected != actual) Assert.Fail($"{Escape(text)}: ICU gives {Escape(expected)}, Nfc {Escape(actual)}");
    }

    private static bool IsTooRecent(int codePoint) =>
        Array.Exists(RecentlyChanged, range => codePoint >= range.First && codePoint <= range.Last)
        || CharUnicodeInfo.GetUnicodeCategory(codePoint) == UnicodeCategory.OtherNotAssigned;

    private static string Escape(string text) =>
        string.Join(' ', text.EnumerateRunes().Select(rune => rune.Value.ToString("X4", CultureInfo.InvariantCulture)));
}
