using System.Diagnostics;
using System.Text;
using Steno.Scoring;

namespace Steno.Tests.Scoring;

public sealed class CharacterDistanceTests
{
    [Theory]
    [InlineData("", "", 0)]
    [InlineData("", "abc", 3)]
    [InlineData("abc", "abc", 0)]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("saturday", "sunday", 3)]
    [InlineData("intention", "execution", 5)]
    [InlineData("ab", "ba", 2)]
    [InlineData("关闭音乐", "打开音乐", 2)]
    public void The_distance_of_known_pairs(string from, string to, int distance)
    {
        Assert.Equal(distance, CharacterDistance.Between(from, to));
        Assert.Equal(distance, CharacterDistance.Between(to, from));
    }

    [Fact]
    public void A_character_outside_the_basic_plane_counts_once()
    {
        Assert.Equal(1, CharacterDistance.Between("a😀b", "a😁b"));
        Assert.Equal(1, CharacterDistance.Between("a😀b", "ab"));
        Assert.Equal(2, CharacterDistance.Between("😀", "ab"));
    }

    // Every length around a word of 64 rows, against a table that is filled cell by cell; few symbols and many, texts alike and not.
    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(30)]
    public void The_distance_is_that_of_the_whole_table(int symbolCount)
    {
        var random = new Random(symbolCount);
        int[] lengths = [0, 1, 2, 5, 62, 63, 64, 65, 66, 127, 128, 129, 191, 200, 260];
        foreach (int m in lengths)
        {
            foreach (int n in lengths)
            {
                string from = Letters(random, m, symbolCount);
                AssertDistance(from, Letters(random, n, symbolCount));
                AssertDistance(from, Edited(random, from, n % 40, symbolCount));
            }
        }
    }

    // What is moved from one end to the other leaves the band that is tried first, and the next.
    [Theory]
    [InlineData(500, 63)]
    [InlineData(500, 65)]
    [InlineData(700, 130)]
    [InlineData(900, 300)]
    [InlineData(900, 450)]
    public void The_distance_of_texts_that_meet_far_from_the_diagonal(int length, int shift)
    {
        string text = Letters(new Random(length + shift), length, 20);

        AssertDistance(text, text[shift..] + text[..shift]);
        AssertDistance(text, text[shift..]);
        AssertDistance(text + text[..shift], text);
    }

    [Fact]
    public void Texts_of_an_hour_are_compared_in_little_time_and_memory()
    {
        var random = new Random(1);
        string text = Letters(random, 60_000, 30);
        string near = Edited(random, text, 3000, 30);
        string other = Letters(random, 60_000, 30);
        CharacterDistance.Between(text[..500], other[..500]);

        var time = Stopwatch.StartNew();
        long before = GC.GetAllocatedBytesForCurrentThread();
        int nearDistance = CharacterDistance.Between(text, near);
        int farDistance = CharacterDistance.Between(text, other);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.InRange(nearDistance, 2000, 3000);
        Assert.InRange(farDistance, 30_000, 60_000);
        Assert.True(allocated < 10_000_000, $"{allocated} bytes for texts of 60,000 characters");
        Assert.True(time.Elapsed < TimeSpan.FromSeconds(60), $"{time.Elapsed} for texts of 60,000 characters");
    }

    [Fact]
    public void The_work_can_be_stopped()
    {
        var random = new Random(1);
        using var cancellation = new CancellationTokenSource();
        cancellation.Cancel();

        Assert.Throws<OperationCanceledException>(() => CharacterDistance.Between(Letters(random, 200, 9), Letters(random, 200, 9), cancellation.Token));
    }

    private static void AssertDistance(string from, string to)
    {
        Assert.Equal(Table(from, to), CharacterDistance.Between(from, to));
        Assert.Equal(Table(to, from), CharacterDistance.Between(to, from));
    }

    private static string Letters(Random random, int length, int symbolCount) =>
        string.Concat(Enumerable.Range(0, length).Select(_ => (char)('a' + random.Next(symbolCount))));

    private static string Edited(Random random, string text, int editCount, int symbolCount)
    {
        var edited = new StringBuilder(text);
        for (int i = 0; i < editCount; i++)
        {
            int place = random.Next(edited.Length + 1);
            if (i % 3 == 0) edited.Insert(place, (char)('a' + random.Next(symbolCount)));
            else if (place < edited.Length && i % 3 == 1) edited.Remove(place, 1);
            else if (place < edited.Length) edited[place] = (char)('a' + random.Next(symbolCount));
        }

        return edited.ToString();
    }

    private static int Table(string from, string to)
    {
        int[,] cells = new int[from.Length + 1, to.Length + 1];
        for (int i = 0; i <= from.Length; i++)
        {
            for (int j = 0; j <= to.Length; j++)
            {
                cells[i, j] = i == 0 ? j : j == 0 ? i : Math.Min(
                    cells[i - 1, j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1),
                    1 + Math.Min(cells[i - 1, j], cells[i, j - 1]));
            }
        }

        return cells[from.Length, to.Length];
    }
}
