namespace Steno.EndToEndTests.FileSystem;

/// <summary>Outputs that are no files: they are written through or refused, and stay what they are.</summary>
public sealed class SpecialOutputTests : IDisposable
{
    private static readonly Sample Recording = new("english-2");

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_device_stays_one_whoever_writes_to_it_by_whatever_name()
    {
        string device = SpecialFile.MakeNullDevice(_directory.PathOf("null"));
        string link = File.CreateSymbolicLink(_directory.PathOf("link"), device).FullName;

        foreach (string name in (string[])[device, link])
        {
            (await StenoProcess.RunAsync("--silent", "-o", name, Recording.Path)).AssertSuccess();
            Assert.Contains("this is a device; a model is written to a file", (await StenoProcess.RunAsync("convert", "tiny-asr", "-o", name, "--force")).AssertFault(5), StringComparison.Ordinal);
            Assert.Contains("this is a device", (await StenoProcess.RunAsync("quantize", "tiny-asr", "q8_0", "-o", name, "--force")).AssertFault(5), StringComparison.Ordinal);
        }

        Assert.Equal("character special file 1:3", SpecialFile.Describe(device, "%F %t:%T"));
        Assert.Equal(device, new FileInfo(link).LinkTarget);
    }

    [Fact]
    public async Task A_device_in_the_place_of_the_second_file_stays_one()
    {
        string device = SpecialFile.MakeNullDevice(_directory.PathOf("mmproj-x.gguf"));

        StenoResult result = await StenoProcess.RunAsync("convert", "tiny-asr", "--dialect", "llama.cpp", "-o", _directory.PathOf("x.gguf"), "--force");

        Assert.Contains("mmproj-x.gguf: this is a device", result.AssertFault(5), StringComparison.Ordinal);
        Assert.Equal("character special file", SpecialFile.Describe(device, "%F"));
        Assert.Equal(["mmproj-x.gguf"], _directory.FileNames);
    }

    [Fact]
    public async Task A_disk_is_refused()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.UserName == "root", "needs root on Linux, who may make devices");
        string disk = _directory.PathOf("disk");
        Assert.SkipUnless(SpecialFile.TryRun("mknod", disk, "b", "7", "250"), "needs the right to make devices");

        Assert.Contains("it is a disk", (await StenoProcess.RunAsync("--silent", "-o", disk, Recording.Path)).AssertFault(5), StringComparison.Ordinal);
        Assert.Contains("this is a device", (await StenoProcess.RunAsync("convert", "tiny-asr", "-o", disk, "--force")).AssertFault(5), StringComparison.Ordinal);
        Assert.Equal("block special file", SpecialFile.Describe(disk, "%F"));
    }

    // Looked at and then read, a pipe would be waited for without end.
    [Theory]
    [InlineData("--silent --model {0} {1}")]
    [InlineData("verify {0}")]
    [InlineData("info {0}")]
    public async Task A_pipe_is_no_model(string arguments)
    {
        string pipe = SpecialFile.MakePipe(_directory.PathOf("pipe"));
        string[] given = [.. arguments.Split(' ').Select(part => part == "{0}" ? pipe : part == "{1}" ? Recording.Path : part)];

        StenoResult result = await StenoProcess.RunAsync(given);

        Assert.Contains("this is no file that a model could be read from", result.AssertFault(4), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pipe_passes_the_text_on_and_takes_no_model()
    {
        string pipe = SpecialFile.MakePipe(_directory.PathOf("pipe"));

        StenoResult result = (await StenoProcess.RunShellAsync($"cat '{pipe}' & \"$STENO\" --silent -o '{pipe}' '{Recording.Path}'; wait")).AssertSuccess();
        StenoResult model = await StenoProcess.RunAsync("convert", "tiny-asr", "-o", pipe, "--force");

        Assert.Equal(Recording.Text + "\n", result.Output);
        Assert.Contains("this is a pipe", model.AssertFault(5), StringComparison.Ordinal);
        Assert.Equal(["pipe"], _directory.FileNames);
    }

    [Fact]
    public async Task A_full_device_is_a_fault_that_names_input_and_output()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "needs /dev/full");

        StenoResult result = await StenoProcess.RunAsync("--silent", "-o", "/dev/full", Recording.Path);

        Assert.Equal($"{Recording.Path}: the text is lost: /dev/full: the output cannot be written: No space left on device", result.AssertFault(5));
    }

    [Theory]
    [InlineData("-o /dev/stdout", "> '{0}'")]
    [InlineData("-o /dev/fd/1", "> '{0}'")]
    [InlineData("-o /dev/stdout", ">> '{0}'")]
    [InlineData("-o /dev/fd/3", "3>> '{0}'")]
    public async Task What_is_open_is_added_to(string option, string redirection)
    {
        Assert.SkipUnless(File.Exists("/dev/fd/1"), "needs /dev/fd");
        string path = _directory.PathOf("out.txt");
        string redirected = string.Format(System.Globalization.CultureInfo.InvariantCulture, redirection, path);

        await StenoProcess.RunShellAsync($"echo old > '{path}'; {{ echo before >&{(redirection[0] == '3' ? 3 : 1)}; \"$STENO\" --silent {option} '{Recording.Path}'; }} {redirected}");

        string old = redirection.Contains(">>", StringComparison.Ordinal) ? "old\n" : "";
        Assert.Equal($"{old}before\n{Recording.Text}\n", await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken));
    }

    // The runtime's own files have such numbers: the text would go to one of them.
    [Fact]
    public async Task What_was_not_handed_in_is_no_output_and_no_input()
    {
        Assert.SkipUnless(File.Exists("/dev/fd/1"), "needs /dev/fd");
        string link = File.CreateSymbolicLink(_directory.PathOf("link"), "/dev/fd/7").FullName;

        // Those that every shell can close; what this process was started with may have more.
        foreach (int number in Enumerable.Range(3, 7))
        {
            string name = $"/dev/fd/{number}";
            string close = $"exec {number}>&-; ";
            StenoResult output = await StenoProcess.RunShellAsync($"{close}exec \"$STENO\" --silent -o {(number == 7 ? link : name)} '{Recording.Path}'");
            Assert.Contains("the output cannot be written: nothing was handed in under this number", output.AssertFault(5), StringComparison.Ordinal);
            if (number % 5 > 0) continue;
            StenoResult input = await StenoProcess.RunShellAsync($"{close}exec \"$STENO\" --silent {name}");
            Assert.Contains($"{name}: nothing was handed in under this number", input.AssertFault(3), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("-")]
    [InlineData("/dev/stdout")]
    public async Task A_model_is_not_written_to_standard_output(string name)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs a shell");

        StenoResult result = await StenoProcess.RunShellAsync($"cd '{_directory.Path}' && \"$STENO\" convert tiny-asr -o {name}");

        Assert.StartsWith("a model cannot be written to standard output", result.AssertFault(2), StringComparison.Ordinal);
        Assert.Empty(_directory.FileNames);
    }
}
