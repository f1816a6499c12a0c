namespace Steno.EndToEndTests.FileSystem;

/// <summary>An output is never one of the inputs, by whatever name.</summary>
public sealed class InputAsOutputTests : IDisposable
{
    private static readonly Sample Recording = new("english-2");

    private readonly TemporaryDirectory _directory = new();
    private readonly string _audio;

    public InputAsOutputTests() => _audio = _directory.Write("talk.wav", Recording.Wav);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_recording_is_not_replaced_by_its_text()
    {
        string link = Link("link.txt", _audio);
        string hardLink = HardLink("hard.txt", _audio);

        foreach (string name in (string[])[_audio, link, hardLink, Path.Combine(_directory.Path, ".", "talk.wav")])
        {
            StenoResult result = await StenoProcess.RunAsync("--silent", _audio, "-o", name);
            Assert.Equal($"{name}: this is an input too ({_audio}), which would be lost: write to another file", result.AssertFault(5));
        }

        AssertSound();
    }

    [Fact]
    public async Task Nor_by_that_of_standard_input_or_of_another_recording()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs a shell");

        StenoResult input = await StenoProcess.RunShellAsync($"\"$STENO\" --silent - -o '{_audio}' < '{_audio}'");
        StenoResult output = await StenoProcess.RunShellAsync($"\"$STENO\" --silent '{_audio}' >> '{_audio}'");
        StenoResult other = await StenoProcess.RunAsync("--silent", Recording.Path, "-o", _audio);

        Assert.Contains("this is an input too (standard input)", input.AssertFault(5), StringComparison.Ordinal);
        Assert.Contains("standard output goes into an input", output.AssertFault(5), StringComparison.Ordinal);
        Assert.Contains("it holds something other than text", other.AssertFault(5), StringComparison.Ordinal);
        AssertSound();
    }

    [Fact]
    public async Task Nor_in_a_folder_run()
    {
        string folder = Directory.CreateDirectory(_directory.PathOf("texts")).FullName;
        HardLink(Path.Combine("texts", "talk.txt"), _audio);
        Link(Path.Combine("texts", "other.txt"), _audio);
        string other = _directory.Write("other.wav", Recording.Wav);

        StenoResult result = await StenoProcess.RunAsync("--silent", "--force", _audio, other, "-o", folder);

        Assert.Equal(5, result.ExitCode);
        Assert.Equal(2, result.ErrorLines.Count(line => line.Contains("a transcript would take the place of a file that is read", StringComparison.Ordinal)));
        AssertSound();
    }

    [Fact]
    public async Task A_model_is_not_replaced_by_a_text_nor_by_itself()
    {
        string model = Directory.CreateDirectory(_directory.PathOf("model")).FullName;
        foreach (string file in Directory.EnumerateFiles(Repository.PathOf("models", "tiny-asr"))) File.Copy(file, Path.Combine(model, Path.GetFileName(file)));
        string weights = Path.Combine(model, "model.safetensors");
        string link = Link("link", weights);
        string gguf = _directory.PathOf("x.gguf");
        (await StenoProcess.RunAsync("convert", model, "-o", gguf, "--silent")).AssertSuccess();
        byte[] before = await File.ReadAllBytesAsync(gguf, TestContext.Current.CancellationToken);
        string namesake = _directory.Write("config.wav", Recording.Wav);

        foreach (string output in (string[])[weights, link, Path.Combine(model, "config.json")])
        {
            Assert.Contains("this is an input too", (await StenoProcess.RunAsync("convert", model, "-o", output, "--force")).AssertFault(5), StringComparison.Ordinal);
            Assert.Contains("this is an input too", (await StenoProcess.RunAsync("--silent", "-d", model, _audio, "-o", output)).AssertFault(5), StringComparison.Ordinal);
        }

        Assert.Contains("this is an input too", (await StenoProcess.RunAsync("quantize", gguf, "q8_0", "-o", gguf, "--force")).AssertFault(5), StringComparison.Ordinal);
        Assert.Contains("this is an input too", (await StenoProcess.RunAsync("--silent", "-d", gguf, _audio, "-o", gguf)).AssertFault(5), StringComparison.Ordinal);
        StenoResult folder = await StenoProcess.RunAsync("--silent", "-d", model, namesake, "--format", "json", "-o", model + "/");
        Assert.Contains("a transcript would take the place of a file that is read", folder.AssertFault(5), StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(gguf, TestContext.Current.CancellationToken));
        foreach (string file in Directory.EnumerateFiles(Repository.PathOf("models", "tiny-asr")))
            Assert.Equal(await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken), await File.ReadAllBytesAsync(Path.Combine(model, Path.GetFileName(file)), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_recording_for_calibration_is_not_replaced_by_the_model()
    {
        string link = Link("x.gguf", _audio);

        foreach (string output in (string[])[_audio, link])
        {
            StenoResult result = await StenoProcess.RunAsync("quantize", "tiny-asr", "q4_0", "-o", output, "--imatrix", _audio, "--force");
            Assert.Contains("this is an input too", result.AssertFault(5), StringComparison.Ordinal);
        }

        AssertSound();
    }

    [Theory]
    [InlineData("info --model '{0}'")]
    [InlineData("verify '{0}'")]
    [InlineData("compare-weights '{0}' tiny-asr '{1}'")]
    [InlineData("convert '{0}' -o '{0}.copy'")]
    public async Task Standard_output_of_every_verb_stays_out_of_a_model(string command)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs a shell");
        string gguf = _directory.PathOf("x.gguf");
        (await StenoProcess.RunAsync("convert", "tiny-asr", "-o", gguf, "--silent")).AssertSuccess();
        long length = new FileInfo(gguf).Length;

        StenoResult result = await StenoProcess.RunShellAsync($"\"$STENO\" {string.Format(System.Globalization.CultureInfo.InvariantCulture, command, gguf, _audio)} >> '{gguf}'");

        Assert.Contains($"standard output goes into an input ({gguf})", result.AssertFault(5), StringComparison.Ordinal);
        Assert.Equal(length, new FileInfo(gguf).Length);
    }

    private void AssertSound() => Assert.Equal(Recording.Wav, File.ReadAllBytes(_audio));

    private string Link(string name, string target)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need a privilege on Windows");
        return File.CreateSymbolicLink(_directory.PathOf(name), target).FullName;
    }

    private string HardLink(string name, string target)
    {
        Assert.SkipUnless(SpecialFile.TryRun("ln", target, _directory.PathOf(name)), "needs a file system with hard links, and ln");
        return _directory.PathOf(name);
    }
}
