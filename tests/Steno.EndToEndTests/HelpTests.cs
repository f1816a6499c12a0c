using System.Text.RegularExpressions;

namespace Steno.EndToEndTests;

public sealed partial class HelpTests
{
    [Theory]
    [InlineData("--help")]
    [InlineData("transcribe --help")]
    [InlineData("vad --help")]
    [InlineData("info --help")]
    [InlineData("pull --help")]
    [InlineData("models --help")]
    [InlineData("models remove --help")]
    [InlineData("verify --help")]
    [InlineData("convert --help")]
    [InlineData("quantize --help")]
    [InlineData("compare-weights --help")]
    public async Task The_documentation_shows_the_help_as_it_is(string commandLine)
    {
        StenoResult result = (await StenoProcess.RunAsync(commandLine.Split(' '))).AssertSuccess();

        Assert.Equal("", result.Error);
        string documentation = await File.ReadAllTextAsync(Repository.PathOf("docs", "cli.md"));
        Assert.Contains($"```text\n$ steno {commandLine}\n{result.Output}```\n", documentation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_documentation_explains_every_option()
    {
        string documentation = await File.ReadAllTextAsync(Repository.PathOf("docs", "cli.md"));
        string help = "";
        foreach (string verb in new[] { "transcribe", "vad", "info", "pull", "models", "verify", "convert", "quantize", "compare-weights" })
            help += (await StenoProcess.RunAsync(verb, "--help")).Output;

        string[] options = [.. OptionName().Matches(help).Select(match => match.Value).Distinct()];

        Assert.True(options.Length > 10, "the help names hardly any option");
        Assert.All(options, option => Assert.Matches($"(?m)^\\| .*`{option}", documentation));
    }

    [Fact]
    public async Task Flags_of_a_root_command_line_show_the_help_of_transcribe_too()
    {
        StenoResult implied = (await StenoProcess.RunAsync("-d", "dir", "-h")).AssertSuccess();
        StenoResult named = (await StenoProcess.RunAsync("transcribe", "-h")).AssertSuccess();

        Assert.Equal(named.Output, implied.Output);
    }

    [Fact]
    public async Task The_version_names_the_release()
    {
        StenoResult result = (await StenoProcess.RunAsync("--version")).AssertSuccess();

        Assert.Matches(@"^steno \d+\.\d+\.\d+\S*( \([0-9a-f]{10}\))?\n$", result.Output);
        Assert.Equal("", result.Error);
    }

    [GeneratedRegex(@"(?m)(?<=^  (-\w, |-\?, -h, )?)--[a-z-]+", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex OptionName();
}
