using System.Text.Json;
using Steno.Tokenization;

namespace Steno.Tests.Tokenization;

/// <summary>Strings with the ids and the decoded text that the HuggingFace tokenizer gives.</summary>
internal static class TokenizerCases
{
    public static void AssertExact(BpeTokenizer tokenizer, string casesPath, int expectedCount)
    {
        using var cases = JsonDocument.Parse(File.ReadAllBytes(casesPath));
        Assert.Equal(expectedCount, cases.RootElement.GetArrayLength());
        foreach (var item in cases.RootElement.EnumerateArray())
        {
            string text = item.GetProperty("text").GetString()!;
            int[] ids = [.. item.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32())];

            Assert.True(ids.SequenceEqual(tokenizer.Encode(text, allowAddedTokens: true)), $"ids of {JsonSerializer.Serialize(text)}");
            Assert.Equal(item.GetProperty("decoded").GetString(), tokenizer.Decode(ids, skipSpecial: false));
        }
    }
}
