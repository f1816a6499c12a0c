using System.Globalization;
using System.Text.Json;

namespace Steno.EndToEndTests.Regressing;

public sealed class RegressTests : IDisposable
{
    private static readonly Sample English = new("english-2");
    private static readonly Sample Spanish = new("spanish-2");

    private readonly RegressFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Right_texts_pass_in_every_way_of_running()
    {
        _folder.Add(English.Name, English.Text).Add(Spanish.Name, Spanish.Text + "\r\n");

        StenoResult result = (await _folder.RunAsync()).AssertSuccess();

        string english = _folder.PathOf("english-2.wav");
        string spanish = _folder.PathOf("spanish-2.wav");
        Assert.Collection(
            result.Output.TrimEnd('\n').Split('\n'),
            line => Assert.Equal($"START {english}", line),
            line => Assert.Matches($@"^DONE {english}: norm 0\.000, exact 0\.000, \d+\.\d s$", line),
            line => Assert.Equal($"START {spanish}", line),
            line => Assert.Matches($@"^DONE {spanish}: norm 0\.000, exact 0\.000, \d+\.\d s$", line),
            line => Assert.Equal($"START {english} (alone)", line),
            line => Assert.Matches($@"^DONE {english} \(alone\): same text, norm 0\.000, exact 0\.000, \d+\.\d s$", line),
            line => Assert.Equal($"START {spanish} (alone)", line),
            line => Assert.Matches($@"^DONE {spanish} \(alone\): same text, norm 0\.000, exact 0\.000, \d+\.\d s$", line),
            line => Assert.Equal("passed         2", line),
            line => Assert.Equal("regressed      0", line),
            line => Assert.Equal("generated      0", line),
            line => Assert.Equal("failed         0", line),
            line => Assert.StartsWith("total: norm 0.000, exact 0.000 of ", line, StringComparison.Ordinal));
        Assert.Contains(result.ErrorLines, line => line.Contains("built-in", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Wrong_missing_and_broken_files_are_told_apart_and_stop_nothing()
    {
        string broken = _folder.Write("a-broken.wav", "RIFF"u8);
        File.WriteAllText(_folder.PathOf("a-broken.txt"), "Nothing.");
        string empty = _folder.Write("b-empty.wav", []);
        _folder.Add(English.Name, "Something else was said.", "c-wrong").Add(English.Name, null, "d-missing").Add(Spanish.Name, Spanish.Text, "e-right");

        StenoResult result = await _folder.RunAsync("--silent");

        Assert.Equal(4, result.ExitCode);
        result.AssertNoTrace();
        Assert.Collection(
            result.ErrorLines,
            line => Assert.Equal($"steno: {empty}: the file is empty", line),
            line => Assert.Equal($"steno: {_folder.PathOf("d-missing.wav")}: there is no d-missing.txt beside it to compare with: write one, or have it written with --generate-missing", line),
            line => Assert.StartsWith($"steno: {broken}: ", line, StringComparison.Ordinal));
        string[] lines = result.Output.TrimEnd('\n').Split('\n');
        Assert.Contains(lines, line => line.StartsWith($"DONE {_folder.PathOf("c-wrong.wav")}: norm ", StringComparison.Ordinal) && line.EndsWith(", REGRESSION", StringComparison.Ordinal));
        Assert.Contains("  expected: Something else was said.", lines);
        Assert.Contains($"  found:    {English.Text}", lines);
        Assert.Contains("passed         1", lines);
        Assert.Contains("regressed      1", lines);
        Assert.Contains("failed         3", lines);
        Assert.False(File.Exists(_folder.PathOf("d-missing.txt")));
    }

    [Fact]
    public async Task Faults_alone_have_their_own_exit_code()
    {
        _folder.Write("broken.wav", "RIFF"u8);
        File.WriteAllText(_folder.PathOf("broken.txt"), "Nothing.");
        _folder.Add(English.Name, English.Text);

        StenoResult result = await _folder.RunAsync("--silent");

        Assert.Equal(3, result.ExitCode);
        Assert.Contains("passed         1", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_has_everything_and_the_lines_go_to_standard_error()
    {
        string broken = _folder.Write("broken.wav", "RIFF"u8);
        File.WriteAllText(_folder.PathOf("broken.txt"), "Nothing.");
        _folder.Add(English.Name, English.Text.ToUpperInvariant(), "case").Add(English.Name, "Else.", "wrong").Add(Spanish.Name, null, "new");

        StenoResult result = await _folder.RunAsync("--json", "--generate-missing", "--max-total", "0.5");

        Assert.Equal(4, result.ExitCode);
        Assert.Contains($"START {_folder.PathOf("case.wav")}", result.ErrorLines);
        using JsonDocument document = JsonDocument.Parse(result.OutputBytes);
        JsonElement root = document.RootElement;
        Assert.Equal(
            ["folder", "model", "ways", "max_norm", "max_exact", "max_total", "ok", "passed", "regressed", "generated", "failed", "norm", "norm_edits", "norm_characters", "exact", "exact_edits", "exact_characters", "audio_seconds", "seconds", "files", "faults"],
            root.EnumerateObject().Select(property => property.Name));
        Assert.Equal(_folder.Path, root.GetProperty("folder").GetString());
        Assert.Equal("tiny-asr", root.GetProperty("model").GetString());
        Assert.Equal(["together", "alone"], root.GetProperty("ways").EnumerateArray().Select(way => way.GetString()));
        Assert.Equal(0.2, root.GetProperty("max_norm").GetDouble());
        Assert.Equal(1, root.GetProperty("max_exact").GetDouble());
        Assert.Equal(0.5, root.GetProperty("max_total").GetDouble());
        Assert.False(root.GetProperty("ok").GetBoolean());
        Assert.Equal([1, 1, 1, 1], new[] { "passed", "regressed", "generated", "failed" }.Select(name => root.GetProperty(name).GetInt32()));
        JsonElement[] files = [.. root.GetProperty("files").EnumerateArray()];
        Assert.Equal(["case passed", "new generated", "wrong regressed"], files.Select(file => $"{Path.GetFileNameWithoutExtension(file.GetProperty("file").GetString())} {file.GetProperty("outcome").GetString()}"));
        Assert.Equal(0, files[0].GetProperty("norm_edits").GetInt32());
        Assert.True(files[0].GetProperty("exact_edits").GetInt32() > 5);
        Assert.Equal(English.Text, files[0].GetProperty("text").GetString());
        Assert.Equal(English.Text.ToUpperInvariant(), files[0].GetProperty("expected").GetString());
        Assert.False(files[1].TryGetProperty("norm", out _));
        Assert.Equal(JsonValueKind.Null, files[1].GetProperty("expected").ValueKind);
        Assert.All(files, file => Assert.True(Assert.Single(file.GetProperty("ways").EnumerateArray()).GetProperty("same").GetBoolean()));
        Assert.StartsWith(broken + ": ", Assert.Single(root.GetProperty("faults").EnumerateArray()).GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Missing_texts_are_written_and_none_is_replaced()
    {
        _folder.Add(English.Name, null, "missing").Add(English.Name, "Wrong.", "wrong").Add(Spanish.Name, "", "blank");
        File.CreateSymbolicLink(_folder.PathOf("link.txt"), _folder.PathOf("nowhere.txt"));
        _folder.AddFile(English.Path, null, "link");

        StenoResult result = await _folder.RunAsync("--silent", "--generate-missing");

        Assert.Equal(4, result.ExitCode);
        Assert.Contains($"DONE {_folder.PathOf("missing.wav")}: missing.txt written, ", result.Output, StringComparison.Ordinal);
        Assert.Equal(English.Text + "\n", await File.ReadAllTextAsync(_folder.PathOf("missing.txt")));
        Assert.Equal("Wrong.", await File.ReadAllTextAsync(_folder.PathOf("wrong.txt")));
        Assert.Equal("", await File.ReadAllTextAsync(_folder.PathOf("blank.txt")));
        Assert.False(File.Exists(_folder.PathOf("nowhere.txt")));
        Assert.Equal($"steno: {_folder.PathOf("link.txt")}: the text to compare with cannot be read: there is no such file", Assert.Single(result.ErrorLines));

        foreach (string name in new[] { "wrong", "blank", "link" }) File.Delete(_folder.PathOf(name + ".wav"));
        (await _folder.RunAsync("--silent", "--ways", "alone")).AssertSuccess();
    }

    [Fact]
    public async Task A_text_that_hit_its_limit_is_not_written()
    {
        _folder.Add(English.Name, null);

        StenoResult result = await _folder.RunAsync("--silent", "--generate-missing", "--max-tokens", "4");

        Assert.Equal(5, result.ExitCode);
        Assert.Contains(result.ErrorLines, line => line.Contains("is not written", StringComparison.Ordinal) && line.Contains("--max-tokens", StringComparison.Ordinal));
        Assert.False(File.Exists(_folder.PathOf("english-2.txt")));
    }

    [Theory]
    [InlineData("--max-norm", "norm")]
    [InlineData("--max-exact", "exact")]
    [InlineData("--max-total", "norm")]
    public async Task A_threshold_is_the_largest_distance_that_passes(string option, string distance)
    {
        string[] loose = ["--silent", "--ways", "alone", .. option == "--max-norm" ? [] : new[] { "--max-norm", "9" }];
        _folder.Add(English.Name, English.Text[3..] + "!").Add(Spanish.Name, Spanish.Text);
        using JsonDocument report = JsonDocument.Parse((await _folder.RunAsync([.. loose, "--json", option, "9"])).AssertSuccess().OutputBytes);
        JsonElement measured = option == "--max-total" ? report.RootElement : report.RootElement.GetProperty("files")[0];
        double rate = measured.GetProperty(distance + "_edits").GetDouble() / measured.GetProperty(distance + "_characters").GetDouble();

        Assert.InRange(rate, 0.01, 0.5);
        Assert.Equal(0, (await _folder.RunAsync([.. loose, option, Text(rate)])).ExitCode);
        Assert.Equal(4, (await _folder.RunAsync([.. loose, option, Text(Math.BitDecrement(rate))])).ExitCode);

        static string Text(double rate) => rate.ToString("R", CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task Bad_texts_are_faults_of_their_own()
    {
        foreach (string name in new[] { "latin", "long", "folder", "utf16" }) _folder.Add(English.Name, null, name);
        _folder.Write("latin.txt", [0x63, 0x61, 0x66, 0xE9]);
        _folder.Write("long.txt", new byte[(2 << 20) + 1]);
        _folder.Write("utf16.txt", [0xFF, 0xFE, 0x61, 0x00]);
        Directory.CreateDirectory(_folder.PathOf("folder.txt"));
        _folder.Add(English.Name, "\uFEFF" + English.Text + "\n", "mark");

        StenoResult result = await _folder.RunAsync("--silent");

        Assert.Equal(3, result.ExitCode);
        Assert.Collection(
            result.ErrorLines,
            line => Assert.Equal($"steno: {_folder.PathOf("folder.txt")}: the text to compare with cannot be read: it is a directory", line),
            line => Assert.Equal($"steno: {_folder.PathOf("latin.txt")}: the text to compare with cannot be read: it is not UTF-8: save it in that encoding", line),
            line => Assert.Equal($"steno: {_folder.PathOf("long.txt")}: the text to compare with cannot be read: it has 2097153 bytes, and at most 2097152 are read", line),
            line => Assert.Equal($"steno: {_folder.PathOf("utf16.txt")}: the text to compare with cannot be read: it is not UTF-8: save it in that encoding", line));
        Assert.Contains("passed         1", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Folders_inside_are_searched_when_asked_for()
    {
        _folder.Add(Spanish.Name, Spanish.Text, "z");
        _folder.Add(English.Name, English.Text, Path.Combine("inner", "a"));

        StenoResult flat = (await _folder.RunAsync("--silent", "--ways", "together")).AssertSuccess();
        StenoResult deep = (await _folder.RunAsync("--silent", "--ways", "together", "-r")).AssertSuccess();

        Assert.Equal(["z"], Started(flat));
        Assert.Equal(["z", "a"], Started(deep));

        static string[] Started(StenoResult result) =>
            [.. result.Output.Split('\n').Where(line => line.StartsWith("START ", StringComparison.Ordinal)).Select(line => Path.GetFileNameWithoutExtension(line))];
    }

    [Theory]
    [InlineData(3, "there is no such folder", "no-such-folder")]
    [InlineData(3, "is a file: name the folder that it lies in", "README.md")]
    [InlineData(3, "there is no audio in this folder; its folders are searched with --recursive", "docs")]
    [InlineData(2, "--ways cannot be 'fast'", "samples", "--ways", "fast")]
    [InlineData(2, "--max-norm cannot be '-1'", "samples", "--max-norm", "-1")]
    [InlineData(2, "--language cannot be 'xx'", "samples", "--language", "xx")]
    [InlineData(2, "regress needs DIR")]
    public async Task What_cannot_be_meant_is_told(int exitCode, string expected, params string[] arguments)
    {
        StenoResult result = await StenoProcess.RunAsync(["regress", .. arguments]);

        Assert.Equal(exitCode, result.ExitCode);
        Assert.Contains(expected, Assert.Single(result.ErrorLines), StringComparison.Ordinal);
        result.AssertNoTrace();
    }

    [Fact]
    public async Task Standard_output_does_not_go_into_a_text_to_compare_with()
    {
        _folder.Add(English.Name, English.Text);
        string text = _folder.PathOf("english-2.txt");

        StenoResult result = await StenoProcess.RunShellAsync($"\"$STENO\" regress '{_folder.Path}' >> '{text}'");

        Assert.Contains("would be damaged", result.AssertFault(5), StringComparison.Ordinal);
        Assert.Equal(English.Text, await File.ReadAllTextAsync(text));
    }

    [Theory]
    [InlineData("xterm", "", true)]
    [InlineData("xterm", "1", false)]
    [InlineData("dumb", "", false)]
    public async Task Words_have_colours_on_a_terminal_that_wants_them(string terminal, string noColor, bool isColored)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/usr/bin/script"), "needs script(1) of util-linux, which makes a terminal");
        _folder.Add(English.Name, English.Text, "right").Add(English.Name, "Else.", "wrong");

        StenoResult result = await StenoProcess.RunShellAsync($"TERM={terminal} NO_COLOR={noColor} script -qec '\"$STENO\" regress {_folder.Path} --ways alone --silent' /dev/null");

        Assert.Equal(4, result.ExitCode);
        Assert.Equal(isColored, result.Output.Contains("\e[32mDONE\e[0m ", StringComparison.Ordinal));
        Assert.Equal(isColored, result.Output.Contains("\e[31mDONE\e[0m ", StringComparison.Ordinal));
        Assert.Equal(isColored, result.Output.Contains("\e[3", StringComparison.Ordinal));
    }
}
