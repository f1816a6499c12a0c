namespace Steno.EndToEndTests;

public sealed class ExportTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_quantised_model_transcribes_and_says_what_it_holds()
    {
        string path = Out("tiny q8.gguf");

        StenoResult result = (await StenoProcess.RunAsync("quantize", "tiny-asr", "-o", path, "q8_0")).AssertSuccess();

        Assert.Equal(path + "\n", result.Output);
        Assert.Matches(@"^Q8_0 +57 tensors  2\.3 MB\nF16 .*\nF32 .*\n2\.6 MB written in [0-9.]+ s\n$", result.Error);
        Assert.Equal(new Sample("english-2").Text + "\n", (await StenoProcess.RunAsync("--model", path, "--silent", new Sample("english-2").Path)).AssertSuccess().Output);
    }

    [Fact]
    public async Task A_format_that_rows_do_not_fit_is_replaced_and_that_is_said()
    {
        StenoResult result = (await StenoProcess.RunAsync("quantize", "tiny-asr", "-o", Out("t.gguf"), "STENO-Q4", "--threads", "1")).AssertSuccess();

        Assert.Contains("in place of Q4_K: their rows are no whole number of its blocks\n", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Calibration_takes_several_recordings()
    {
        StenoResult result = (await StenoProcess.RunAsync("quantize", "tiny-asr", "-o", Out("t.gguf"), "q4_0", "--imatrix", new Sample("english-1").Path, new Sample("german-1").Path)).AssertSuccess();

        Assert.StartsWith($"Calibrating with {new Sample("english-1").Path}\nCalibrating with {new Sample("german-1").Path}\n", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pair_is_written_and_its_other_file_can_be_named()
    {
        StenoResult result = (await StenoProcess.RunAsync("convert", "tiny-asr", "--dialect", "llama.cpp", "--type", "f16", "-o", Out("tiny.gguf"), "--silent")).AssertSuccess();
        Assert.Equal("", result.Error);
        Assert.Equal($"{Out("tiny.gguf")}\n{Out("mmproj-tiny.gguf")}\n", result.Output);
        string tower = Out("tower");
        File.Move(Out("mmproj-tiny.gguf"), tower);
        var sample = new Sample("spanish-1");

        StenoResult alone = await StenoProcess.RunAsync("--model", Out("tiny.gguf"), sample.Path);
        Assert.Equal(4, alone.ExitCode);
        Assert.Contains("the model's audio tower (mmproj) is missing", alone.Error, StringComparison.Ordinal);
        Assert.Equal(sample.Text + "\n", (await StenoProcess.RunAsync("--model", Out("tiny.gguf"), "--mmproj", tower, "--silent", sample.Path)).AssertSuccess().Output);
        (await StenoProcess.RunAsync("info", "--model", Out("tiny.gguf"), "--mmproj", tower)).AssertSuccess();
        (await StenoProcess.RunAsync("verify", Out("tiny.gguf"), "--mmproj", tower)).AssertSuccess();
        (await StenoProcess.RunAsync("convert", Out("tiny.gguf"), "--mmproj", tower, "-o", Out("whole.gguf"))).AssertSuccess();
        Assert.Equal(sample.Text + "\n", (await StenoProcess.RunAsync("--model", Out("whole.gguf"), "--silent", sample.Path)).AssertSuccess().Output);
    }

    [Fact]
    public async Task A_file_for_transcribe_cpp_is_known_by_its_content_and_gives_the_same_text()
    {
        string path = Out("tiny.bin");
        (await StenoProcess.RunAsync("convert", "tiny-asr", "--dialect", "transcribe.cpp", "-o", path)).AssertSuccess();
        var sample = new Sample("chinese-1");

        Assert.Equal(sample.Text + "\n", (await StenoProcess.RunAsync("--model", path, "--silent", sample.Path)).AssertSuccess().Output);
        string[] lines = (await StenoProcess.RunAsync("info", path)).AssertSuccess().Output.TrimEnd('\n').Split('\n');
        Assert.Equal($"Model:      {path}", lines[0]);
        Assert.Equal("Family:     transcribe.cpp GGUF", lines[1]);
        Assert.Equal("Kind:       speech-to-text", lines[2]);
        Assert.Equal("Origin:     Qwen3-ASR", lines[3]);
        Assert.Matches("^Weights:    BF16 9[0-9]\\.[0-9] %, F32 [0-9]\\.[0-9] %$", lines[4]);
        Assert.Equal($"File:       {path}", lines[^1]);
    }

    [Fact]
    public async Task Two_pairs_of_one_folder_are_told_apart_by_their_names()
    {
        (await StenoProcess.RunAsync("convert", "tiny-asr", "--dialect", "llama.cpp", "-o", Out("a.gguf"))).AssertSuccess();
        (await StenoProcess.RunAsync("quantize", "tiny-asr", "q8_0", "--dialect", "llama.cpp", "-o", Out("b.gguf"))).AssertSuccess();
        var sample = new Sample("english-2");

        foreach (string name in new[] { "a.gguf", "b.gguf", "mmproj-a.gguf", "mmproj-b.gguf" })
            Assert.Equal(sample.Text + "\n", (await StenoProcess.RunAsync("--model", Out(name), "--silent", sample.Path)).AssertSuccess().Output);

        File.Move(Out("a.gguf"), Out("c.gguf"));
        string fault = (await StenoProcess.RunAsync("--model", Out("c.gguf"), "--silent", sample.Path)).AssertFault(exitCode: 4);
        Assert.Contains("expected mmproj-c.gguf, or one named with --mmproj", fault, StringComparison.Ordinal);
        Assert.Contains("found mmproj-a.gguf, mmproj-b.gguf", fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Faults_have_the_exit_codes_of_the_other_commands()
    {
        await File.WriteAllTextAsync(Out("mine.gguf"), "mine", TestContext.Current.CancellationToken);

        await AssertFault(5, "there is such a file already", "convert", "tiny-asr", "-o", Out("mine.gguf"));
        await AssertFault(5, "there is no directory", "convert", "tiny-asr", "-o", Out("no/x.gguf"));
        await AssertFault(4, "there is no such file", "convert", Out("absent.gguf"), "-o", Out("x.gguf"));
        await AssertFault(4, "this is n", "convert", Out("mine.gguf"), "-o", Out("x.gguf"));
        await AssertFault(4, "a second file was named", "convert", "tiny-asr", "--mmproj", Out("mine.gguf"), "-o", Out("x.gguf"));
        await AssertFault(3, "absent.wav: there is no such file", "quantize", "tiny-asr", "-o", Out("x.gguf"), "q4_k", "--imatrix", Out("absent.wav"));
        await AssertFault(2, "TYPE cannot be 'q9': expected one of q8_0, q6_k", "quantize", "tiny-asr", "-o", Out("x.gguf"), "q9");
        await AssertFault(2, "--type cannot be 'q8_0': expected one of keep, f32, f16, bf16", "convert", "tiny-asr", "-o", Out("x.gguf"), "--type", "q8_0");
        await AssertFault(2, "--output", "convert", "tiny-asr");
        await AssertFault(2, "quantize needs TYPE: q8_0", "quantize", "tiny-asr", "-o", Out("x.gguf"));
        await AssertFault(2, "must not have 'mmproj' in it", "convert", "tiny-asr", "--dialect", "llama.cpp", "-o", Out("mmproj.gguf"));
        Assert.Equal("mine", await File.ReadAllTextAsync(Out("mine.gguf"), TestContext.Current.CancellationToken));
        Assert.Equal([Out("mine.gguf")], Directory.GetFiles(_directory.Path));

        await AssertFault(5, "the file that is there is not GGUF", "convert", "tiny-asr", "-o", Out("mine.gguf"), "--force");
        (await StenoProcess.RunAsync("convert", "tiny-asr", "-o", Out("model.gguf"))).AssertSuccess();
        (await StenoProcess.RunAsync("convert", "tiny-asr", "-o", Out("model.gguf"), "--force")).AssertSuccess();
    }

    private static async Task AssertFault(int exitCode, string message, params string[] arguments)
    {
        Assert.Contains(message, (await StenoProcess.RunAsync(arguments)).AssertFault(exitCode), StringComparison.Ordinal);
    }

    private string Out(string name) => _directory.PathOf(name);
}
