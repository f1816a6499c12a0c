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
    [InlineData("en", "English")]
    [InlineData(" ZH ", "Chinese")]
    [InlineData("yue", "Cantonese")]
    [InlineData("mk", "Macedonian")]
    public void A_name_or_a_code_is_found_in_any_case_and_blank_means_automatic(string? name, string? expected) =>
        Assert.Equal(expected, Languages.Normalize(name, SupportedLanguages.Names));

    [Theory]
    [InlineData("tlh")]
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

    // The framework's own table of ISO 639, where it has one.
    [Fact]
    public void Every_name_has_the_code_of_its_language()
    {
        Assert.Equal(30, SupportedLanguages.LanguageCodes.Distinct(StringComparer.Ordinal).Count());
        Assert.All(SupportedLanguages.Names.Zip(SupportedLanguages.LanguageCodes), pair => Assert.Equal(pair.First, SupportedLanguages.NameOfCode(pair.Second)));
        string english = System.Globalization.CultureInfo.GetCultureInfo("de").EnglishName;
        Assert.SkipUnless(english == "German", "needs the names of cultures, which come with ICU");
        Assert.All(SupportedLanguages.Names.Zip(SupportedLanguages.LanguageCodes), pair => Assert.StartsWith(pair.First, System.Globalization.CultureInfo.GetCultureInfo(pair.Second).EnglishName, StringComparison.Ordinal));
    }

    [Fact]
    public void There_are_thirty_names() => Assert.Equal(30, SupportedLanguages.Names.Distinct(StringComparer.Ordinal).Count());
}
