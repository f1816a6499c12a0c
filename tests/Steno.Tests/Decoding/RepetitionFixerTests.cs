using System.Diagnostics;
using System.Text;
using Steno.Decoding;

namespace Steno.Tests.Decoding;

public sealed class RepetitionFixerTests
{
    public static TheoryData<string, string> Vectors => new()
    {
        { Times("a", 20), Times("a", 20) },
        { Times("a", 21), "a" },
        { Times("a", 20) + Times("b", 20), "a" + Times("b", 20) },
        { Times("ab", 19), Times("ab", 19) },
        { Times("ab", 20), "ab" },
        { Times("ab", 20) + "zz", "abzz" },
        { Times("hello ", 20), "hello " },
        { Times("hello ", 19) + "hello", Times("hello ", 19) + "hello" },
        { Times("no. ", 30) + "end", "no. end" },
        { Times("哈", 21) + "好", "哈好" },
        { Times("abcdefghijklmnopqrstu", 20), Times("abcdefghijklmnopqrstu", 20) },
    };

    // Worked out by hand from the rule.
    public static TheoryData<string, string> Edges => new()
    {
        { "", "" },
        { Times("🙂", 20), Times("🙂", 20) }, // 20 characters, 40 UTF-16 units
        { Times("🙂", 21), "🙂" },
        { Times("🙂a", 20), "🙂a" },
        { "x" + Times("a", 20) + Times("b", 19), "x" + Times("a", 20) + Times("b", 19) }, // the run begins in the last 39 characters
        { "x" + Times("a", 20) + Times("b", 20), "xa" + Times("b", 20) },
        { Times("b", 10) + Times("a", 20), Times("b", 10) + Times("a", 20) }, // 30 characters are not searched
        { Times("abcdefghijklmnopqrst", 20), "abcdefghijklmnopqrst" },
        { Times("ab", 25) + "a", "aba" }, // a partial repetition stays
        { Times("aab", 20) + Times("xy", 20), "aabxy" },
        { Times("\uD800", 21), "\uD800" },
        { Times("ab", 20) + Times("c", 21) + Times("ab", 20), "abcab" },
    };

    [Theory]
    [MemberData(nameof(Vectors))]
    [MemberData(nameof(Edges))]
    public void Repetitions_collapse_as_in_the_reference(string text, string expected) => Assert.Equal(expected, RepetitionFixer.Fix(text));

    [Fact]
    public void A_text_without_repetitions_is_returned_as_it_is()
    {
        string text = "And so, my fellow Americans, ask not what your country can do for you.";

        Assert.Same(text, RepetitionFixer.Fix(text));
    }

    [Fact]
    public void Random_texts_collapse_as_the_rule_says_word_for_word()
    {
        var random = new Random(55);
        int changed = 0;
        for (int round = 0; round < 1000; round++)
        {
            var text = new StringBuilder();
            for (int part = random.Next(1, 6); part > 0; part--)
            {
                var pattern = new StringBuilder();
                for (int length = random.Next(1, random.Next(4) == 0 ? 24 : 5); length > 0; length--) pattern.Append(random.Next(3) switch { 0 => "a", 1 => "b", _ => "🙂" });
                text.Append(Times(pattern.ToString(), random.Next(1, 45)));
            }

            string expected = string.Concat(Restated.Fix([.. text.ToString().EnumerateRunes()]));
            Assert.Equal(expected, RepetitionFixer.Fix(text.ToString()));
            if (expected != text.ToString()) changed++;
        }

        Assert.InRange(changed, 300, 990);
    }

    [Theory]
    [InlineData("a")]
    [InlineData("ab")]
    [InlineData("abcdefghijklmnopqrstu")]
    [InlineData("aaaaaaaaaaaaaaaaaaab")]
    public void A_megabyte_takes_no_quadratic_time_and_no_deep_stack(string pattern)
    {
        // Every half collapses to little, or to nothing less: both must be quick.
        string text = Times(pattern, (1 << 19) / pattern.Length);
        text += string.Concat(Enumerable.Range(0, 1 << 13).Select(i => Times("xy", 20) + (char)('a' + (i % 7)) + (char)('k' + (i % 5))));

        var watch = Stopwatch.StartNew();
        RepetitionFixer.Fix(text);

        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(2));
    }

    private static string Times(string pattern, int count) => string.Concat(Enumerable.Repeat(pattern, count));

    /// <summary>The rule of the reference written down step by step, with its recursion and without regard to time.</summary>
    private static class Restated
    {
        private const int T = 20;

        public static List<Rune> Fix(List<Rune> text) => Patterns(Runs(text));

        private static List<Rune> Runs(List<Rune> text)
        {
            var result = new List<Rune>();
            int i = 0;
            while (i < text.Count)
            {
                int count = text.Skip(i).TakeWhile(rune => rune == text[i]).Count();
                result.AddRange(Enumerable.Repeat(text[i], count > T ? 1 : count));
                i += count;
            }

            return result;
        }

        private static List<Rune> Patterns(List<Rune> text)
        {
            if (text.Count < 2 * T) return text;

            var result = new List<Rune>();
            int i = 0;
            while (i <= text.Count - (2 * T))
            {
                for (int k = 1; k <= 20 && i + (k * T) <= text.Count; k++)
                {
                    var pattern = text.GetRange(i, k);
                    int repetitions = 1;
                    while (i + ((repetitions + 1) * k) <= text.Count && text.GetRange(i + (repetitions * k), k).SequenceEqual(pattern)) repetitions++;
                    if (repetitions < T) continue;

                    result.AddRange(pattern);
                    result.AddRange(Patterns(text.GetRange(i + (repetitions * k), text.Count - i - (repetitions * k))));
                    return result;
                }

                result.Add(text[i++]);
            }

            result.AddRange(text.Skip(i));
            return result;
        }
    }
}
