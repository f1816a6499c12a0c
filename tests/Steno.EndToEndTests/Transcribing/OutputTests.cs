using System.Text.Json;

namespace Steno.EndToEndTests.Transcribing;

public sealed class OutputTests
{
    private static readonly Sample Sample = new("chinese-1");

    [Fact]
    public async Task The_text_goes_to_the_file_and_nothing_to_standard_output()
    {
        using var directory = new TemporaryDirectory();
        string path = directory.Write("out.txt", "older and longer than the new text will ever be"u8.ToArray());

        StenoResult result = (await StenoProcess.RunAsync("--output", path, Sample.Path)).AssertSuccess();

        Assert.Equal("", result.Output);
        Assert.Equal(Sample.Text + "\n", await File.ReadAllTextAsync(path));
        Assert.Equal((byte)0xE4, (await File.ReadAllBytesAsync(path))[0]);
        Assert.Equal(["out.txt"], directory.FileNames);
        Assert.StartsWith("Audio: ", result.ErrorLines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_goes_to_the_file_too()
    {
        using var directory = new TemporaryDirectory();
        string path = directory.PathOf("out.json");

        (await StenoProcess.RunAsync("--silent", "--format", "json", "-o", path, Sample.Path)).AssertSuccess();

        using JsonDocument document = JsonDocument.Parse(await File.ReadAllTextAsync(path));
        Assert.Equal(Sample.Text, document.RootElement.GetProperty("text").GetString());
    }

    [Fact]
    public async Task A_hyphen_is_standard_output()
    {
        StenoResult result = (await StenoProcess.RunAsync("--silent", "-o", "-", Sample.Path)).AssertSuccess();

        Assert.Equal(Sample.Text + "\n", result.Output);
    }

    [Fact]
    public async Task A_link_and_the_permissions_of_its_file_stay()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("links need a privilege on Windows");
            return;
        }

        using var directory = new TemporaryDirectory();
        string target = directory.Write("target.txt", []);
        File.SetUnixFileMode(target, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.CreateSymbolicLink(directory.PathOf("link.txt"), target);

        (await StenoProcess.RunAsync("--silent", "-o", directory.PathOf("link.txt"), Sample.Path)).AssertSuccess();

        Assert.Equal(target, File.ResolveLinkTarget(directory.PathOf("link.txt"), returnFinalTarget: false)!.FullName);
        Assert.Equal(Sample.Text + "\n", await File.ReadAllTextAsync(target));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(target));
    }

    [Fact]
    public async Task A_device_is_written_and_not_replaced()
    {
        Assert.SkipUnless(File.Exists("/dev/null"), "needs /dev/null");

        (await StenoProcess.RunAsync("--silent", "-o", "/dev/null", Sample.Path)).AssertSuccess();

        Assert.Equal("", await File.ReadAllTextAsync("/dev/null"));
    }

    [Fact]
    public async Task Redirections_share_a_file_with_other_programs()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs a shell");
        using var directory = new TemporaryDirectory();
        string path = directory.PathOf("out.txt");

        await StenoProcess.RunShellAsync($"(echo before; \"$STENO\" --silent '{Sample.Path}'; echo after) > '{path}'");

        Assert.Equal($"before\n{Sample.Text}\nafter\n", await File.ReadAllTextAsync(path));
    }

    [Fact]
    public async Task Standard_output_that_is_closed_ends_the_run_quietly()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows hides a closed pipe");
        using StenoProcess process = StenoProcess.Start(["--silent", Sample.Path], closesOutput: true);
        process.Input.Close();

        StenoResult result = await process.WaitAsync();

        Assert.Equal(141, result.ExitCode);
        Assert.Equal("", result.Error);
    }

    [Fact]
    public async Task Standard_output_that_is_full_is_a_fault()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "needs /dev/full");

        StenoResult result = await StenoProcess.RunShellAsync($"\"$STENO\" --silent '{Sample.Path}' > /dev/full");

        Assert.Contains("standard output cannot be written", result.AssertFault(exitCode: 5), StringComparison.Ordinal);
    }
}
