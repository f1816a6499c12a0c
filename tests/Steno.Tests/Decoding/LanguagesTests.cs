using Steno.Decoding;

namespace Steno.Tests.Decoding;

public sealed class LanguagesTests
{
    [Theory]
    [InlineData(null, null)]
    [InlineData("", null)]
    [InlineData(" \t", null)]
    [InlineData("English", "English")]
    [InlineData(" eNGLISH\n", "English")]
    [InlineData("chinese", "Chinese")]
    public void A_name_is_found_in_any_case_and_blank_means_automatic(string? name, string? expected) =>
        Assert.Equal(expected, Languages.Normalize(name, SupportedLanguages.Names));

    [Theory]
    [InlineData("en")]
    [InlineData("Klingon")]
    [InlineData("English,Chinese")]
    public void A_language_that_is_not_supported_is_named_with_those_that_are(string name)
    {
        var fault = Assert.Throws<ArgumentException>(() => Languages.Normalize(name, SupportedLanguages.Names));

        Assert.Contains($"'{name}'", fault.Message, StringComparison.Ordinal);
        Assert.All(SupportedLanguages.Names, supported => Assert.Contains(supported, fault.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Chinese||English|English|Chinese", "Chinese,English,Chinese")] // the example of the specification
    [InlineData("English||English", "English")]
    [InlineData("", "")]
    [InlineData("German", "German")]
    public void Languages_of_pieces_merge_without_gaps_and_neighbours_that_are_equal(string languages, string expected) =>
        Assert.Equal(expected, Languages.Merge(languages.Split('|')));

    [Fact]
    public void There_are_thirty_names() => Assert.Equal(30, SupportedLanguages.Names.Distinct(StringComparer.Ordinal).Count());
}
