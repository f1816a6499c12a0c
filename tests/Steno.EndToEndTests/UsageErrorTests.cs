namespace Steno.EndToEndTests;

public sealed class UsageErrorTests
{
    [Theory]
    [InlineData("", "nothing to transcribe")]
    [InlineData("transcribe", "nothing to transcribe")]
    [InlineData("--silent", "nothing to transcribe")]
    [InlineData("a.wav --stream", "unknown option --stream")]
    [InlineData("-i a.wav -S 20", "unknown option -S")]
    [InlineData("transcribe --skip-silence a.wav", "unknown option --skip-silence")]
    [InlineData("a.wav --stream=1", "unknown option --stream=1")]
    [InlineData("info --prompt x", "unknown option --prompt")]
    [InlineData("info a.wav", "a.wav")]
    [InlineData("transcrbe a.wav", "'transcrbe' is neither a command nor a file")]
    [InlineData("a.wav -d", "'-d'")]
    [InlineData("a.wav -d --silent", "-d needs a value: --silent is an option")]
    [InlineData("-i a.wav b.wav", "-i takes one file")]
    [InlineData("-i a.wav -i b.wav", "'-i' expects a single argument")]
    [InlineData("-d a -d b c.wav", "'-d' expects a single argument")]
    [InlineData("--stdin a.wav", "standard input must be the only input")]
    [InlineData("--stdin -i a.wav", "standard input must be the only input")]
    [InlineData("- a.wav", "standard input must be the only input")]
    [InlineData("- --stdin", "standard input must be the only input")]
    [InlineData("--output out.txt a.wav b.wav", "--output takes the text of one file")]
    [InlineData("a.wav -t four", "--threads cannot be 'four'")]
    [InlineData("a.wav -t 1025", "--threads cannot be '1025'")]
    [InlineData("a.wav -t 99999999999", "--threads cannot be '99999999999'")]
    [InlineData("a.wav --max-tokens 0", "--max-tokens cannot be '0'")]
    [InlineData("a.wav --max-tokens -5", "--max-tokens cannot be '-5'")]
    [InlineData("a.wav --format xml", "expected one of txt, json")]
    [InlineData("a.wav --weights int8", "expected one of auto, bf16, f32")]
    [InlineData("a.wav --attention local", "expected one of windowed, full")]
    [InlineData("a.wav --input-format mp3", "expected one of auto, s16le, f32le")]
    public async Task A_wrong_command_line_is_told_in_one_line(string commandLine, string expected)
    {
        StenoResult result = await StenoProcess.RunAsync(commandLine.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Contains(expected, result.AssertFault(exitCode: 2), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_language_is_told_before_anything_is_loaded_with_those_that_exist()
    {
        StenoResult result = await StenoProcess.RunAsync("-d", "no-such-model", "-i", "no-such-file.wav", "--language", "Klingon");

        string line = result.AssertFault(exitCode: 2);
        Assert.Contains("--language cannot be 'Klingon'", line, StringComparison.Ordinal);
        Assert.All(SupportedLanguages.Names, name => Assert.Contains(name, line, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("[diagram]")]
    [InlineData("@response.txt")]
    [InlineData("-dash.wav")]
    public async Task Nothing_after_two_hyphens_is_more_than_a_file_name(string name)
    {
        StenoResult result = await StenoProcess.RunAsync("--", name);

        Assert.Equal($"{name}: there is no such file", result.AssertFault(exitCode: 3));
    }

    [Theory]
    [InlineData("2>&-")]
    [InlineData("2>/dev/full")]
    public async Task The_exit_code_is_right_even_when_nobody_can_be_told(string redirection)
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "needs /dev/full");

        StenoResult result = await StenoProcess.RunShellAsync($"\"$STENO\" no-such-file.wav {redirection}");

        Assert.Equal(3, result.ExitCode);
        Assert.Equal("", result.Output);
    }
}
