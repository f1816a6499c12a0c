namespace Steno.EndToEndTests;

public sealed class UsageErrorTests
{
    [Theory]
    [InlineData("", "nothing to transcribe")]
    [InlineData("transcribe", "nothing to transcribe")]
    [InlineData("--silent", "nothing to transcribe")]
    [InlineData("a.wav --stream", "--stream is known from qwen_asr and not supported: ")]
    [InlineData("-i a.wav -S 20", "-S is known from qwen_asr and not supported: ")]
    [InlineData("-i a.wav -W 2", "-W is known from qwen_asr and not supported: ")]
    [InlineData("transcribe --skip-silence a.wav", "--skip-silence is known from qwen_asr and not supported: ")]
    [InlineData("a.wav --stream=1", "--stream is known from qwen_asr and not supported: ")]
    [InlineData("a.wav --stream-max-new-tokens 9", "--stream-max-new-tokens is known from qwen_asr and not supported: ")]
    [InlineData("a.wav --enc-window-sec 4", "--enc-window-sec is known from qwen_asr and not supported: ")]
    [InlineData("a.wav --past-text yes", "--past-text is known from qwen_asr and not supported: ")]
    [InlineData("a.wav --monitor", "--monitor is known from qwen_asr and not supported: ")]
    [InlineData("info --stream", "unknown option --stream (see steno info --help)")]
    [InlineData("a.wav --streams", "unknown option --streams (see steno transcribe --help)")]
    [InlineData("info --prompt x", "unknown option --prompt")]
    [InlineData("transcrbe a.wav", "'transcrbe' is neither a command nor a file")]
    [InlineData("models a.wav", "models takes no 'a.wav' (see steno models --help)")]
    [InlineData("a.wav -d", "-d needs a value: <name|path> (see steno transcribe --help)")]
    [InlineData("a.wav -d --silent", "-d needs a value: --silent is an option")]
    [InlineData("a.wav --output= b.wav", "--output needs a value, and this one is empty (see steno transcribe --help)")]
    [InlineData("a.wav --output: b.wav", "--output needs a value, and this one is empty")]
    [InlineData("a.wav -o= b.wav", "-o needs a value, and this one is empty")]
    [InlineData("a.wav --model= b.wav", "--model needs a value, and this one is empty")]
    [InlineData("--input= a.wav", "--input needs a value, and this one is empty")]
    [InlineData("convert tiny-asr --output= x.gguf", "--output needs a value, and this one is empty (see steno convert --help)")]
    [InlineData("quantize tiny-asr q8_0 -o x.gguf --imatrix= a.wav", "--imatrix needs a value, and this one is empty")]
    [InlineData("pull --file= 0.6b", "--file needs a value, and this one is empty")]
    [InlineData("--silent= a.wav", "--silent takes no value: write it without =")]
    [InlineData("--silent=yes a.wav", "--silent takes no value: write it without =yes")]
    [InlineData("quantize tiny-asr -o x.gguf", "quantize needs TYPE: q8_0, q6_k")]
    [InlineData("quantize", "quantize needs MODEL, TYPE and --output <file> (see steno quantize --help)")]
    [InlineData("convert tiny-asr", "convert needs --output <file> (see steno convert --help)")]
    [InlineData("pull", "pull needs NAME: 0.6b, 1.7b")]
    [InlineData("verify", "verify needs MODEL: ")]
    [InlineData("compare-weights tiny-asr", "compare-weights needs B and AUDIO (see steno compare-weights --help)")]
    [InlineData("models remove", "(see steno models remove --help)")]
    [InlineData("a.wav --max-duration 1h30", "expected a duration such as 1h30m, 90m, 2h or 45 (seconds)")]
    [InlineData("a.wav --max-duration m", "--max-duration cannot be 'm'")]
    [InlineData("a.wav --max-duration 30m1h", "--max-duration cannot be '30m1h'")]
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
    [InlineData("a.wav --weights int8", "expected one of auto, stored, q4, q8, bf16, f32")]
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
        Assert.All(SupportedLanguages.Names, name => Assert.Contains(name + " (", line, StringComparison.Ordinal));
        Assert.Contains("German (de)", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_prompt_that_the_model_cannot_hold_is_told_in_one_line()
    {
        string prompt = new('q', 100_000);

        StenoResult result = await StenoProcess.RunAsync("--silent", "--prompt", prompt, new Sample("english-1").Path);

        string line = result.AssertFault(exitCode: 2);
        Assert.StartsWith("The prompt is too long", line, StringComparison.Ordinal);
        Assert.DoesNotContain("Parameter", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_language_that_this_model_does_not_know_is_told_in_one_line()
    {
        using var directory = new TemporaryDirectory();
        foreach (string file in Directory.EnumerateFiles(Repository.PathOf("models", "tiny-asr")))
            File.Copy(file, directory.PathOf(Path.GetFileName(file)));
        string config = await File.ReadAllTextAsync(directory.PathOf("config.json"));
        await File.WriteAllTextAsync(directory.PathOf("config.json"), config.Replace("\"Thai\",", "", StringComparison.Ordinal));

        StenoResult result = await StenoProcess.RunAsync("--silent", "-d", directory.Path, "--language", "Thai", new Sample("english-1").Path);

        Assert.StartsWith("'Thai' is not a supported language", result.AssertFault(exitCode: 2), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Kernels_that_do_not_exist_are_told_in_one_line()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs a shell");

        StenoResult result = await StenoProcess.RunShellAsync($"STENO_KERNEL=Abacus \"$STENO\" --silent '{new Sample("english-1").Path}'");

        Assert.Contains("STENO_KERNEL is 'Abacus'", result.AssertFault(exitCode: 2), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_trace_is_shown_with_debug_where_there_is_a_cause_to_trace()
    {
        StenoResult missing = await StenoProcess.RunAsync("--debug", "no-such-file.wav");
        StenoResult broken = await StenoProcess.RunAsync("--debug", "-d", "no-such-model", new Sample("english-1").Path);

        missing.AssertFault(exitCode: 3);
        Assert.Equal(4, broken.ExitCode);
        Assert.Contains("   at Steno.", broken.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Empty_names_are_told_in_one_line()
    {
        StenoResult model = await StenoProcess.RunAsync("--silent", "--model", "", new Sample("english-1").Path);
        StenoResult audio = await StenoProcess.RunAsync("--silent", "");
        StenoResult output = await StenoProcess.RunAsync("--silent", "--output", "", new Sample("english-1").Path);

        Assert.Equal("--model needs a value, and this one is empty (see steno transcribe --help)", model.AssertFault(exitCode: 2));
        Assert.Equal("the name of an audio file is empty", audio.AssertFault(exitCode: 2));
        Assert.Equal("--output needs a value, and this one is empty (see steno transcribe --help)", output.AssertFault(exitCode: 2));
    }

    [Fact]
    public async Task An_empty_value_takes_no_file_for_itself()
    {
        using var directory = new TemporaryDirectory();
        var sample = new Sample("english-2");
        string first = directory.Write("a.wav", sample.Wav);
        string second = directory.Write("b.wav", sample.Wav);

        StenoResult output = await StenoProcess.RunAsync("--silent", "--output=", first, second);
        StenoResult prompt = await StenoProcess.RunAsync("--silent", "--prompt=", first);
        StenoResult language = await StenoProcess.RunAsync("--silent", "--language=", first);

        output.AssertFault(exitCode: 2);
        Assert.Equal(sample.Wav, await File.ReadAllBytesAsync(first, TestContext.Current.CancellationToken));
        Assert.Equal(sample.Text + "\n", prompt.AssertSuccess().Output);
        Assert.Equal(sample.Text + "\n", language.AssertSuccess().Output);
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
