namespace Steno.EndToEndTests.FileSystem;

/// <summary>Names that are not UTF-8, here with the byte 0xE9 of Latin-1: they are refused with the reason, and nothing of a similar name is touched.</summary>
public sealed class LostNameTests : IDisposable
{
    private const string Problem = "the name is not UTF-8, and nothing can be opened by it";

    private static readonly Sample Recording = new("english-2");

    private readonly TemporaryDirectory _directory = new();

    public LostNameTests() => Assert.SkipUnless(OperatingSystem.IsLinux(), "needs a file system that takes any bytes");

    public void Dispose()
    {
        SpecialFile.TryRun("/bin/sh", "-c", $"rm -rf -- '{_directory.Path}'/*");
        _directory.Dispose();
    }

    [Fact]
    public async Task A_recording_is_refused_and_can_be_piped()
    {
        StenoResult named = await RunAsync($"cp '{Recording.Path}' \"$N.wav\"; \"$STENO\" --silent \"$N.wav\"");
        StenoResult among = await RunAsync($"\"$STENO\" --silent \"$N.wav\" '{Recording.Path}'");
        StenoResult piped = await RunAsync("\"$STENO\" --silent - < \"$N.wav\"");
        StenoResult verified = await RunAsync("\"$STENO\" verify tiny-asr --audio \"$N.wav\"");
        StenoResult calibrated = await RunAsync("\"$STENO\" quantize tiny-asr q4_0 -o x.gguf --imatrix \"$N.wav\"");

        Assert.Equal($"caf\uFFFD.wav: {Problem}: rename it, or read it through standard input (steno - < FILE)", named.AssertFault(3));
        Assert.Equal(3, among.ExitCode);
        Assert.Contains(Recording.Text, among.Output, StringComparison.Ordinal);
        Assert.Equal(Recording.Text + "\n", piped.AssertSuccess().Output);
        Assert.Contains(Problem, verified.AssertFault(3), StringComparison.Ordinal);
        Assert.Contains(Problem, calibrated.AssertFault(3), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inside_folders_the_others_are_transcribed()
    {
        StenoResult result = await RunAsync($"mkdir -p in \"in/$N\"; for f in in/good.wav \"in/$N.wav\" \"in/$N/x.wav\"; do cp '{Recording.Path}' \"$f\"; done; \"$STENO\" --silent in -r -o out");

        Assert.Equal(3, result.ExitCode);
        Assert.Equal(2, result.ErrorLines.Count(line => line.Contains(Problem, StringComparison.Ordinal)));
        Assert.Equal(["good.txt"], Directory.GetFileSystemEntries(_directory.PathOf("out")).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Outputs_and_models_are_refused_too()
    {
        StenoResult text = await RunAsync($"\"$STENO\" --silent '{Recording.Path}' -o \"$N.txt\"");
        StenoResult folder = await RunAsync($"\"$STENO\" --silent '{Recording.Path}' -o \"$N/\"");
        StenoResult model = await RunAsync("\"$STENO\" convert tiny-asr -o \"$N.gguf\"");
        StenoResult source = await RunAsync($"\"$STENO\" --silent -d \"$N\" '{Recording.Path}'");

        foreach (StenoResult result in (StenoResult[])[text, folder, model]) Assert.Contains(Problem, result.AssertFault(5), StringComparison.Ordinal);
        Assert.Contains(Problem, source.AssertFault(4), StringComparison.Ordinal);
        Assert.Empty(_directory.FileNames);
    }

    private Task<StenoResult> RunAsync(string script) => StenoProcess.RunShellAsync($"cd '{_directory.Path}'; N=$(printf 'caf\\351'); {script}");
}
