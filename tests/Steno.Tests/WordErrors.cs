namespace Steno.Tests;

/// <summary>Counts the words in which transcripts differ from the true texts.</summary>
/// <param name="units">The words of a text in a language.</param>
internal sealed class WordErrors(Func<string, string, string[]> units)
{
    /// <summary>Words of the true texts.</summary>
    public int WordCount { get; private set; }

    /// <summary>Words that were left out, put in or replaced.</summary>
    public int ErrorCount { get; private set; }

    /// <summary>Texts that are right to the last mark.</summary>
    public int ExactCount { get; private set; }

    public double Percent => 100.0 * ErrorCount / WordCount;

    public void Add(string language, string expected, string actual)
    {
        string[] reference = units(expected, language);
        ErrorCount += EditDistance(reference, units(actual, language));
        WordCount += reference.Length;
        if (actual == expected) ExactCount++;
    }

    public override string ToString() => $"{ErrorCount} of {WordCount} = {Percent:F2} %, {ExactCount} exact";

    private static int EditDistance(string[] reference, string[] hypothesis)
    {
        int[] row = [.. Enumerable.Range(0, hypothesis.Length + 1)];
        for (int i = 1; i <= reference.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= hypothesis.Length; j++)
            {
                int substitution = diagonal + (reference[i - 1] == hypothesis[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substitution, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
