using System.Text.Json;

namespace Steno.EndToEndTests.Models;

public sealed class PullTests
{
    [Fact]
    public async Task A_pulled_model_transcribes_by_name_and_by_default()
    {
        await using var hub = new PullFixture();
        var sample = new Sample("english-2");

        StenoResult pull = (await hub.RunAsync("pull", PullFixture.Repository)).AssertSuccess();
        StenoResult named = (await hub.RunAsync("transcribe", "--model", PullFixture.Repository, sample.Path)).AssertSuccess();
        StenoResult unnamed = (await hub.RunAsync(sample.Path)).AssertSuccess();

        Assert.Equal(hub.SnapshotDirectory + "\n", pull.Output);
        Assert.Contains("owner/tiny-asr is installed: 7 files", pull.Error, StringComparison.Ordinal);
        Assert.Equal(sample.Text + "\n", named.Output);
        Assert.Equal(sample.Text + "\n", unnamed.Output);
        Assert.Contains("using the installed owner/tiny-asr", unnamed.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pull_without_messages_writes_the_directory_alone()
    {
        await using var hub = new PullFixture();

        StenoResult pull = (await hub.RunAsync("pull", "--silent", PullFixture.Repository)).AssertSuccess();

        Assert.Equal(hub.SnapshotDirectory + "\n", pull.Output);
        Assert.Equal("", pull.Error);
    }

    [Fact]
    public async Task Installed_models_are_listed_and_removed()
    {
        await using var hub = new PullFixture();
        StenoResult none = (await hub.RunAsync("models")).AssertSuccess();
        Assert.StartsWith("No models are installed in " + hub.Home, none.Output, StringComparison.Ordinal);
        (await hub.RunAsync("pull", PullFixture.Repository)).AssertSuccess();

        StenoResult text = (await hub.RunAsync("models")).AssertSuccess();
        StenoResult json = (await hub.RunAsync("models", "--json")).AssertSuccess();
        StenoResult removal = (await hub.RunAsync("models", "remove", PullFixture.Repository)).AssertSuccess();

        Assert.Equal($"owner/tiny-asr  speech-to-text     4.2 MB  whole      {hub.SnapshotDirectory}  (default)\n", text.Output);
        using JsonDocument document = JsonDocument.Parse(json.OutputBytes);
        JsonElement model = Assert.Single(document.RootElement.GetProperty("models").EnumerateArray());
        Assert.Equal(hub.Files.Commit, model.GetProperty("commit").GetString());
        Assert.True(model.GetProperty("is_whole").GetBoolean());
        Assert.Equal("owner/tiny-asr", document.RootElement.GetProperty("default").GetString());
        Assert.Equal("Removed owner/tiny-asr\n", removal.Error);
        Assert.False(Directory.Exists(hub.ModelDirectory));
        Assert.Contains("is not installed", (await hub.RunAsync("models", "remove", PullFixture.Repository)).AssertFault(exitCode: 4), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broken_off_pull_is_listed_and_loads_nothing()
    {
        await using var hub = new PullFixture();
        hub.Server.Distort = (request, answer) => request.Target.StartsWith("/large/", StringComparison.Ordinal) ? answer with { StallAfter = 1_000_000 } : answer;
        using (StenoProcess pull = hub.Start("pull", PullFixture.Repository))
        {
            await pull.WaitForErrorTextAsync("(6 of 7 files)");
            pull.Signal("INT");
            StenoResult result = await pull.WaitAsync();
            Assert.Equal(130, result.ExitCode);
            Assert.Equal("steno: interrupted", result.ErrorLines[^1]);
        }

        StenoResult models = (await hub.RunAsync("models")).AssertSuccess();
        StenoResult transcription = await hub.RunAsync("--silent", "--model", PullFixture.Repository, new Sample("english-1").Path);
        StenoResult unnamed = (await hub.RunAsync(new Sample("english-1").Path)).AssertSuccess();

        Assert.Contains("not whole", models.Output, StringComparison.Ordinal);
        Assert.Contains("To go on: steno pull owner/tiny-asr", transcription.AssertFault(exitCode: 4), StringComparison.Ordinal);
        Assert.Contains("built-in", unnamed.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1.7b", "1.7b: the model is not installed. To install it: steno pull 1.7b")]
    [InlineData("owner/other", "steno pull owner/other")]
    public async Task A_model_that_is_not_installed_is_told_with_the_command_that_installs_it(string name, string expected)
    {
        StenoResult result = await StenoProcess.RunAsync("--silent", "--model", name, new Sample("english-1").Path);

        Assert.Contains(expected, result.AssertFault(exitCode: 4), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("owner/other", 6, "there is no such repository")]
    [InlineData("nothing", 2, "'nothing' is not the name of a model: expected 0.6b, 1.7b, aligner, silero-vad, transcribe.cpp-0.6b, transcribe.cpp-1.7b, audio.cpp-0.6b, audio.cpp-1.7b, audio.cpp-aligner, mlx-0.6b-4bit, mlx-0.6b-5bit, mlx-0.6b-6bit, mlx-0.6b-8bit, mlx-0.6b-bf16, mlx-1.7b-4bit, mlx-1.7b-5bit, mlx-1.7b-6bit, mlx-1.7b-8bit, mlx-1.7b-bf16, mlx-aligner-4bit, mlx-aligner-8bit, or OWNER/REPOSITORY[@REVISION]")]
    [InlineData("../x", 2, "'../x' is not the name of a model")]
    public async Task A_model_that_cannot_be_pulled_is_told_in_one_line(string name, int exitCode, string expected)
    {
        await using var hub = new PullFixture();

        StenoResult result = await hub.RunAsync("pull", "--silent", name);

        Assert.Contains(expected, result.AssertFault(exitCode), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pull", 2, "pull needs NAME: ")]
    [InlineData("pull a/b c/d", 2, "c/d")]
    [InlineData("pull a/b --parallel 17", 2, "from 1 to 16")]
    [InlineData("pull a/b --timeout 0", 2, "seconds from 0.01")]
    [InlineData("pull a/b --file ../x", 2, "'../x' is not the path of a file")]
    [InlineData("pull a/b --model x", 2, "unknown option --model")]
    [InlineData("models remove a/b --json", 2, "unknown option --json (see steno models remove --help)")]
    [InlineData("models extra", 2, "extra")]
    [InlineData("models remove", 2, "models remove needs NAME: ")]
    [InlineData("models remove ../x", 2, "'../x' is not the name of a model")]
    public async Task A_wrong_command_line_is_told_in_one_line(string commandLine, int exitCode, string expected)
    {
        StenoResult result = await StenoProcess.RunAsync(commandLine.Split(' '));

        Assert.Contains(expected, result.AssertFault(exitCode), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_of_models_that_cannot_be_written_is_told_with_the_way_out()
    {
        using var directory = new TemporaryDirectory();
        string file = directory.Write("file", []);

        StenoResult below = await StenoProcess.RunWithEnvironmentAsync([("STENO_HOME", Path.Combine(file, "store"))], "pull", "--silent", "a/b");

        string line = below.AssertFault(exitCode: 5);
        Assert.Contains("cannot be written", line, StringComparison.Ordinal);
        Assert.Contains("Set STENO_HOME", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_read_only_folder_of_models_is_told_with_the_way_out()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs a file system that nobody can write, such as /proc");

        StenoResult result = await StenoProcess.RunWithEnvironmentAsync([("STENO_HOME", "/proc/steno")], "pull", "--silent", "a/b");

        Assert.Contains("Set STENO_HOME", result.AssertFault(exitCode: 5), StringComparison.Ordinal);
        (await StenoProcess.RunWithEnvironmentAsync([("STENO_HOME", "/proc/steno")], "--silent", new Sample("english-1").Path)).AssertSuccess();
    }
}
