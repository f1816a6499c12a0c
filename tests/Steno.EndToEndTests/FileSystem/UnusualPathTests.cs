using Steno.EndToEndTests.Models;

namespace Steno.EndToEndTests.FileSystem;

/// <summary>Spaces, Chinese, Hebrew, quotes, percent signs, a leading dash and a line break in names.</summary>
public sealed class UnusualPathTests
{
    private const string FolderName = "my 录音 'x' \"שלום\" 100%d";

    private static readonly Sample Recording = new("german-1");

    [Theory]
    [InlineData("-a b.wav")]
    [InlineData("会议 記録.flac")]
    [InlineData("-i $HOME;ls.mp3")]
    [InlineData("a%03d:b.m4a")]
    [InlineData("ünï\ncode.opus")]
    [InlineData("http:é|concat.webm")]
    public async Task A_recording_in_every_decoders_hands_has_its_text(string name)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs names that Windows does not allow");
        using var directory = new TemporaryDirectory();
        string folder = Directory.CreateDirectory(directory.PathOf(FolderName)).FullName;
        string path = Path.Combine(folder, name);
        if (name.EndsWith(".wav", StringComparison.Ordinal)) File.Copy(Recording.Path, path);
        else MediaFile.Make(Recording, path);
        string output = Path.Combine(folder, "文 字.txt");

        (await StenoProcess.RunAsync("transcribe", "--silent", "--output", output, "--", path)).AssertSuccess();
        (await StenoProcess.RunAsync("--silent", folder, "--output", Path.Combine(folder, "all 全部"))).AssertSuccess();

        Assert.Equal(Recording.Text + "\n", await File.ReadAllTextAsync(output));
        Assert.Equal(Recording.Text + "\n", await File.ReadAllTextAsync(Path.Combine(folder, "all 全部", Path.ChangeExtension(name, ".txt"))));
    }

    [Fact]
    public async Task A_model_is_pulled_into_verified_in_and_loaded_from_such_a_folder_by_root_and_others()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs names that Windows does not allow");
        OrdinaryUser.Require();
        using var directory = new TemporaryDirectory();
        string home = Directory.CreateDirectory(directory.PathOf(FolderName)).FullName;
        foreach (string folder in (string[])[home, directory.Path]) OrdinaryUser.OpenToAll(folder);
        await using var hub = new PullFixture();
        (string Name, string? Value)[] environment = [.. hub.Environment, ("STENO_HOME", null), ("XDG_CACHE_HOME", null), ("HOME", home)];

        StenoResult pull = (await OrdinaryUser.RunAsync(environment, default, "pull", "--silent", PullFixture.Repository)).AssertSuccess();
        (await OrdinaryUser.RunAsync(environment, default, "verify", PullFixture.Repository, "--audio", Recording.Path)).AssertSuccess();
        StenoResult text = (await StenoProcess.RunWithEnvironmentAsync(environment, "--silent", "--model", PullFixture.Repository, Recording.Path)).AssertSuccess();
        (await OrdinaryUser.RunAsync(environment, default, "models", "remove", PullFixture.Repository)).AssertSuccess();

        Assert.StartsWith(home + "/.cache/steno/models/", pull.Output, StringComparison.Ordinal);
        Assert.Equal(Recording.Text + "\n", text.Output);
    }
}
