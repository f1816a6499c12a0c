using Steno.EndToEndTests.Models;

namespace Steno.EndToEndTests.FileSystem;

/// <summary>A user whose home cannot be written, as in a container or under a service manager.</summary>
public sealed class ReadOnlyHomeTests : IDisposable
{
    private static readonly Sample Recording = new("english-2");

    private readonly TemporaryDirectory _directory = new();
    private readonly string _home;

    public ReadOnlyHomeTests()
    {
        _home = Directory.CreateDirectory(_directory.PathOf("home")).FullName;
        OrdinaryUser.MakeReadOnly(_home);
        OrdinaryUser.MakeReadOnly(_directory.Path);
    }

    private (string Name, string? Value)[] Environment => [("HOME", _home), ("STENO_HOME", null), ("XDG_CACHE_HOME", null)];

    public void Dispose()
    {
        OrdinaryUser.MakeWritable(_directory.Path);
        OrdinaryUser.MakeWritable(_home);
        _directory.Dispose();
    }

    [Fact]
    public async Task A_pull_is_told_with_the_way_out()
    {
        string line = (await RunAsync("pull", "--silent", "owner/model")).AssertFault(exitCode: 5);

        Assert.StartsWith($"the folder of models {_home}/.cache/steno cannot be written: ", line, StringComparison.Ordinal);
        Assert.EndsWith("Set STENO_HOME to a folder that can", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Everything_else_works()
    {
        StenoResult models = (await RunAsync("models")).AssertSuccess();
        StenoResult text = (await RunAsync("--silent", Recording.Path)).AssertSuccess();
        (await RunAsync("info")).AssertSuccess();
        (await RunAsync("verify", "tiny-asr", "--audio", Recording.Path)).AssertSuccess();

        Assert.Equal($"No models are installed in {_home}/.cache/steno (see steno pull)\n", models.Output);
        Assert.Equal(Recording.Text + "\n", text.Output);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_home));
    }

    [Theory]
    [InlineData("flac")]
    [InlineData("mp3")]
    [InlineData("m4a")]
    public async Task Other_formats_are_decoded_from_a_file_and_from_a_pipe(string extension)
    {
        using var directory = new TemporaryDirectory();
        OrdinaryUser.OpenToAll(directory.Path);
        string path = MediaFile.Make(Recording, directory.PathOf("a." + extension));

        StenoResult file = (await RunAsync("--silent", path)).AssertSuccess();
        StenoResult pipe = (await OrdinaryUser.RunAsync(Environment, await File.ReadAllBytesAsync(path), "--silent", "-")).AssertSuccess();

        Assert.Equal(Recording.Text + "\n", file.Output);
        Assert.Equal(Recording.Text + "\n", pipe.Output);
    }

    [Fact]
    public async Task A_pipe_that_has_to_be_copied_is_told_where_no_copy_can_be_written()
    {
        using var directory = new TemporaryDirectory();
        string path = MediaFile.Make(Recording, directory.PathOf("a.m4a"));

        StenoResult result = await OrdinaryUser.RunAsync([.. Environment, ("TMPDIR", _home)], await File.ReadAllBytesAsync(path), "--silent", "-");

        string line = result.AssertFault(exitCode: 3);
        Assert.StartsWith("standard input: this format cannot be decoded from a pipe, and a copy cannot be written: ", line, StringComparison.Ordinal);
        Assert.Contains("Set TMPDIR", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text.txt", "text.txt: the output cannot be written: permission denied")]
    [InlineData("texts/", "texts/: the folder cannot be made: permission denied")]
    public async Task An_output_is_told(string output, string expected)
    {
        StenoResult result = await RunAsync("--silent", Recording.Path, "--output", _home + "/" + output);

        Assert.Equal($"{_home}/{expected}", result.AssertFault(exitCode: 5));
    }

    [Fact]
    public async Task An_audio_file_that_may_not_be_read_is_told_and_the_others_are_transcribed()
    {
        OrdinaryUser.Require();
        using var directory = new TemporaryDirectory();
        OrdinaryUser.OpenToAll(directory.Path);
        string secret = directory.Write("secret.wav", Recording.Wav);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(secret, UnixFileMode.None);

        StenoResult result = await RunAsync("--silent", secret, Recording.Path);

        Assert.Equal(3, result.ExitCode);
        Assert.Contains($"steno: {secret}: ", result.Error, StringComparison.Ordinal);
        Assert.Contains("denied", result.Error, StringComparison.Ordinal);
        Assert.Contains(Recording.Text, result.Output, StringComparison.Ordinal);
        result.AssertNoTrace();
    }

    [Fact]
    public async Task A_folder_that_may_not_be_read_is_told_and_the_rest_is_transcribed()
    {
        OrdinaryUser.Require();
        using var directory = new TemporaryDirectory();
        string closed = Directory.CreateDirectory(directory.PathOf("in", "closed")).FullName;
        directory.Write(Path.Combine("in", "a.wav"), Recording.Wav);
        string output = Directory.CreateDirectory(directory.PathOf("out")).FullName;
        Array.ForEach([directory.Path, output], OrdinaryUser.OpenToAll);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(closed, UnixFileMode.None);

        StenoResult result = await RunAsync(directory.PathOf("in"), "--recursive", "--output", output);
        OrdinaryUser.OpenToAll(closed);

        Assert.Equal(3, result.ExitCode);
        Assert.Contains(result.ErrorLines, line => line.Contains("closed: the folder cannot be read: permission denied", StringComparison.Ordinal));
        Assert.Equal(["a.txt"], Directory.EnumerateFiles(output).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_model_in_a_folder_of_another_user_can_be_used_but_neither_updated_nor_removed()
    {
        OrdinaryUser.Require();
        await using var hub = new PullFixture();
        (await hub.RunAsync("pull", PullFixture.Repository)).AssertSuccess();
        string[] folders = [.. Directory.GetDirectories(hub.Home, "*", SearchOption.AllDirectories), hub.Home, Path.GetDirectoryName(hub.Home)!];
        Array.ForEach(folders, OrdinaryUser.MakeReadOnly);
        try
        {
            StenoResult text = (await OrdinaryUser.RunAsync(hub.Environment, default, "--silent", Recording.Path)).AssertSuccess();
            StenoResult models = (await OrdinaryUser.RunAsync(hub.Environment, default, "models")).AssertSuccess();
            StenoResult pull = await OrdinaryUser.RunAsync(hub.Environment, default, "pull", "--silent", PullFixture.Repository);
            StenoResult removal = await OrdinaryUser.RunAsync(hub.Environment, default, "models", "remove", PullFixture.Repository);

            Assert.Equal(Recording.Text + "\n", text.Output);
            Assert.Contains("whole", models.Output, StringComparison.Ordinal);
            Assert.Contains("cannot be written", pull.AssertFault(exitCode: 5), StringComparison.Ordinal);
            Assert.Contains("denied", removal.AssertFault(exitCode: 5), StringComparison.Ordinal);
            Assert.True(File.Exists(Path.Combine(hub.ModelDirectory, "manifest.json")));
        }
        finally
        {
            Array.ForEach(folders, OrdinaryUser.MakeWritable);
        }
    }

    [Fact]
    public async Task A_home_below_a_file_is_told_like_one_that_cannot_be_written()
    {
        using var directory = new TemporaryDirectory();
        string file = directory.Write("file", "no folder");
        (string Name, string? Value)[] environment = [("HOME", file + "/home"), ("STENO_HOME", null), ("XDG_CACHE_HOME", null)];

        string line = (await StenoProcess.RunWithEnvironmentAsync(environment, "pull", "--silent", "owner/model")).AssertFault(exitCode: 5);
        StenoResult text = (await StenoProcess.RunWithEnvironmentAsync(environment, "--silent", Recording.Path)).AssertSuccess();

        Assert.Contains("Set STENO_HOME", line, StringComparison.Ordinal);
        Assert.Equal(Recording.Text + "\n", text.Output);
    }

    private Task<StenoResult> RunAsync(params string[] arguments) => OrdinaryUser.RunAsync(Environment, default, arguments);
}
