namespace Steno.EndToEndTests.FileSystem;

/// <summary>A file that is replaced keeps its place, its permissions and its owner.</summary>
public sealed class ReplacedFileTests : IDisposable
{
    private const string Nobody = "65534:65534";

    /// <summary>Begins like a model, and ends there.</summary>
    private const string OlderModel = "GGUF";

    private static readonly Sample Recording = new("english-2");

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Root_leaves_a_file_to_whom_it_belongs()
    {
        RequireRoot();
        string text = _directory.Write("out.txt", "older");
        string model = _directory.Write("x.gguf", OlderModel);
        foreach (string path in (string[])[text, model])
            Assert.True(SpecialFile.TryRun("chown", Nobody, path) && SpecialFile.TryRun("chmod", "0640", path));

        (await StenoProcess.RunAsync("--silent", "-o", text, Recording.Path)).AssertSuccess();
        (await StenoProcess.RunAsync("convert", "tiny-asr", "-o", model, "--force", "--silent")).AssertSuccess();

        Assert.Equal(Recording.Text + "\n", await File.ReadAllTextAsync(text, TestContext.Current.CancellationToken));
        Assert.True(new FileInfo(model).Length > 1_000_000);
        Assert.Equal(Nobody + " 640", SpecialFile.Describe(text, "%u:%g %a"));
        Assert.Equal(Nobody + " 640", SpecialFile.Describe(model, "%u:%g %a"));
    }

    [Fact]
    public async Task Another_user_who_may_write_a_file_does_not_take_it_over()
    {
        RequireRoot();
        OrdinaryUser.Require();
        OrdinaryUser.OpenToAll(_directory.Path);
        string text = _directory.Write("out.txt", "older and longer than what comes, by far, so that its end would show");
        string model = _directory.Write("x.gguf", OlderModel);
        foreach (string path in (string[])[text, model]) Assert.True(SpecialFile.TryRun("chmod", "0666", path));

        (await OrdinaryUser.RunAsync([], default, "--silent", "-o", text, Recording.Path)).AssertSuccess();
        StenoResult refused = await OrdinaryUser.RunAsync([], default, "convert", "tiny-asr", "-o", model, "--force");

        Assert.Equal(Recording.Text + "\n", await File.ReadAllTextAsync(text, TestContext.Current.CancellationToken));
        Assert.Equal("0:0 666", SpecialFile.Describe(text, "%u:%g %a"));
        Assert.Contains("it belongs to another user or group", refused.AssertFault(5), StringComparison.Ordinal);
        Assert.Equal(OlderModel, await File.ReadAllTextAsync(model, TestContext.Current.CancellationToken));
        Assert.Equal(["out.txt", "x.gguf"], _directory.FileNames.Order(StringComparer.Ordinal));
    }

    // --force is for a model that is written again; a name that was mistaken costs nobody a recording.
    [Theory]
    [InlineData("convert tiny-asr")]
    [InlineData("quantize tiny-asr q8_0")]
    [InlineData("convert tiny-asr --dialect llama.cpp")]
    public async Task A_model_replaces_nothing_but_a_model(string arguments)
    {
        string recording = _directory.Write("talk.wav", Recording.Wav);
        string notes = _directory.Write("notes.txt", "what was said");
        string tower = _directory.Write("mmproj-x.gguf", "not a tower");
        bool isPair = arguments.Contains("llama.cpp", StringComparison.Ordinal);
        (string Path, string Reason)[] cases = [(recording, "is not GGUF but audio"), (notes, "is not GGUF, and"), .. isPair ? [(tower, "is not GGUF, and")] : Array.Empty<(string, string)>()];
        foreach ((string path, string reason) in cases)
        {
            byte[] before = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
            StenoResult result = await StenoProcess.RunAsync([.. arguments.Split(' '), "-o", path == tower ? _directory.PathOf("x.gguf") : path, "--force"]);

            Assert.Contains($"{path}: the file that is there {reason}", result.AssertFault(5), StringComparison.Ordinal);
            Assert.Equal(before, await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken));
        }

        Assert.Equal(["mmproj-x.gguf", "notes.txt", "talk.wav"], _directory.FileNames.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_model_replaces_an_empty_file()
    {
        string path = _directory.Write("x.gguf", "");

        (await StenoProcess.RunAsync("convert", "tiny-asr", "-o", path, "--force", "--silent")).AssertSuccess();

        Assert.True(new FileInfo(path).Length > 1_000_000);
    }

    [Fact]
    public async Task A_model_goes_where_a_link_leads()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need a privilege on Windows");
        string link = File.CreateSymbolicLink(_directory.PathOf("link.gguf"), "target.gguf").FullName;

        (await StenoProcess.RunAsync("convert", "tiny-asr", "-o", link, "--silent")).AssertSuccess();
        (await StenoProcess.RunAsync("convert", "tiny-asr", "-o", link, "--silent", "--force")).AssertSuccess();

        Assert.Equal("target.gguf", new FileInfo(link).LinkTarget);
        Assert.Null(new FileInfo(_directory.PathOf("target.gguf")).LinkTarget);
        Assert.Equal(["link.gguf", "target.gguf"], _directory.FileNames.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_link_to_nothing_leads_to_the_new_file()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need a privilege on Windows");
        string link = File.CreateSymbolicLink(_directory.PathOf("link.txt"), "target.txt").FullName;

        (await StenoProcess.RunAsync("--silent", "-o", link, Recording.Path)).AssertSuccess();

        Assert.Equal("target.txt", new FileInfo(link).LinkTarget);
        Assert.Equal(Recording.Text + "\n", await File.ReadAllTextAsync(_directory.PathOf("target.txt"), TestContext.Current.CancellationToken));
    }

    private static void RequireRoot() => Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.UserName == "root", "needs root on Linux, who may give files away");
}
