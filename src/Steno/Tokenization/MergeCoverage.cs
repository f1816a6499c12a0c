using System.Collections;
using System.Globalization;

namespace Steno.Tokenization;

/// <summary>Sees that merges make every symbol of a vocabulary: with those of a file that is cut short, texts become other ids without a sign of it.</summary>
internal static class MergeCoverage
{
    /// <summary>Checks that every symbol of several bytes is made by a merge, unless it is an added token.</summary>
    /// <param name="vocabulary">The symbols.</param>
    /// <param name="merges">The merges.</param>
    /// <param name="addedTokens">The added tokens, which may be listed among the symbols.</param>
    /// <param name="file">The file with the merges, for messages.</param>
    /// <exception cref="ModelFormatException">There is a symbol that no merge makes.</exception>
    public static void Require(Vocabulary vocabulary, MergeTable merges, AddedTokenSet addedTokens, TokenizerFile file)
    {
        BitArray made = merges.MadeSymbols(vocabulary.Count);
        int longCount = 0;
        int missingCount = 0;
        int firstMissing = -1;
        for (int id = 0; id < vocabulary.Count; id++)
        {
            if (vocabulary.BytesOf(id).Length == 1 || addedTokens.Contains(id)) continue;
            longCount++;
            if (made[id]) continue;
            if (missingCount++ == 0) firstMissing = id;
        }

        if (missingCount == 0) return;
        throw file.Fault(
            "merges are missing: the list is cut short, or goes with another vocabulary",
            string.Create(CultureInfo.InvariantCulture, $"one that makes {TokenizerFile.Quote(vocabulary.BytesOf(firstMissing))} (id {firstMissing}), and so for each of {longCount} symbols"),
            string.Create(CultureInfo.InvariantCulture, $"{merges.Count} merges, and none for {missingCount} symbols"));
    }
}
