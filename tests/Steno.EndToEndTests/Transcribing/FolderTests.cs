using System.Text.Json;
using Steno.Cli.Batch;

namespace Steno.EndToEndTests.Transcribing;

public sealed class FolderTests : IDisposable
{
    private static readonly Sample First = new("english-1");
    private static readonly Sample Second = new("spanish-2");
    private static readonly Sample Third = new("chinese-1");

    private readonly TemporaryDirectory _directory = new();

    private string In => _directory.PathOf("in");

    private string Out => _directory.PathOf("out");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_tree_of_audio_becomes_the_same_tree_of_transcripts()
    {
        Put(First, "with space.wav");
        Put(Second, "-dash/录音.WAV");
        Put(Third, "-dash/深い/a.b.wav");
        Put(First, ".hidden/x.wav");
        File.WriteAllText(Path.Combine(In, "notes.txt"), "no audio");

        StenoResult result = (await RunAsync(In, "--recursive", "-f", "txt,json", "-o", Out)).AssertSuccess();

        Assert.Equal("", result.Output);
        Assert.Equal(
            ["-dash/录音.json", "-dash/录音.txt", "-dash/深い/a.b.json", "-dash/深い/a.b.txt", "with space.json", "with space.txt"],
            FilesOf(Out));
        Assert.Equal(First.Text + "\n", Read("with space.txt"));
        Assert.Equal(Second.Text + "\n", Read("-dash/录音.txt"));
        Assert.Equal(Third.Text + "\n", Read("-dash/深い/a.b.txt"));
        using JsonDocument json = JsonDocument.Parse(Read("-dash/录音.json"));
        Assert.Equal(Second.Text, json.RootElement.GetProperty("text").GetString());
        Assert.Equal(Path.Join(In, "-dash", "录音.WAV"), json.RootElement.GetProperty("file").GetString());
        AssertTable(result, ok: 3, skipped: 0, failed: 0);
    }

    [Fact]
    public async Task Without_recursion_only_the_files_of_the_folder_itself_are_taken()
    {
        Put(First, "a.wav");
        Put(Second, "inner/b.wav");

        (await RunAsync(In, "-o", Out)).AssertSuccess();

        Assert.Equal(["a.txt"], FilesOf(Out));
    }

    [Fact]
    public async Task What_is_done_is_skipped_unless_it_is_older_incomplete_or_forced()
    {
        string audio = Put(First, "a.wav");
        Put(Second, "b.wav");
        (await RunAsync(In, "-o", Out)).AssertSuccess();
        Write("a.txt", "kept");
        Write("b.txt", "kept");

        AssertTable((await RunAsync("-d", "no-such-model", In, "-o", Out)).AssertSuccess(), ok: 0, skipped: 2, failed: 0);
        Assert.Equal("kept", Read("a.txt"));

        File.SetLastWriteTimeUtc(audio, DateTime.UtcNow.AddHours(1));
        AssertTable((await RunAsync(In, "-o", Out)).AssertSuccess(), ok: 1, skipped: 1, failed: 0);
        Assert.Equal(First.Text + "\n", Read("a.txt"));
        Assert.Equal("kept", Read("b.txt"));

        File.SetLastWriteTimeUtc(audio, DateTime.UtcNow.AddHours(-1));
        AssertTable((await RunAsync(In, "-o", Out, "--format", "json,txt")).AssertSuccess(), ok: 2, skipped: 0, failed: 0);
        AssertTable((await RunAsync(In, "-o", Out, "--force")).AssertSuccess(), ok: 2, skipped: 0, failed: 0);
    }

    [Fact]
    public async Task A_bad_file_is_told_and_the_others_are_transcribed()
    {
        Put(First, "a.wav");
        File.WriteAllText(Path.Combine(In, "broken.wav"), "RIFF");
        File.WriteAllBytes(Path.Combine(In, "empty.mp3"), []);
        Put(Second, "z.wav");

        StenoResult result = await RunAsync(In, "no-such-file.wav", "-o", Out);

        Assert.Equal(3, result.ExitCode);
        Assert.Equal(["a.txt", "z.txt"], FilesOf(Out));
        AssertTable(result, ok: 2, skipped: 0, failed: 3);
        foreach (string name in new[] { Path.Combine(In, "broken.wav"), Path.Combine(In, "empty.mp3"), "no-such-file.wav" })
        {
            Assert.Single(result.ErrorLines, line => line.StartsWith($"steno: {name}: ", StringComparison.Ordinal));
            Assert.Single(result.ErrorLines, line => line.StartsWith($"  {name}: ", StringComparison.Ordinal));
        }

        result.AssertNoTrace();
    }

    [Fact]
    public async Task Silence_leaves_nothing_on_standard_error_but_faults()
    {
        Put(First, "a.wav");
        File.WriteAllText(Path.Combine(In, "broken.wav"), "RIFF");

        StenoResult result = await RunAsync("--silent", In, "-o", Out);

        Assert.StartsWith($"{Path.Combine(In, "broken.wav")}: ", result.AssertFault(exitCode: 3), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_files_of_one_output_name_never_overwrite_each_other()
    {
        Put(First, "a.wav");
        Put(Second, "a.wave");
        string same = Path.Combine(In, "a.wav");

        StenoResult result = await RunAsync(In, same, "-o", Out);

        Assert.Equal(5, result.ExitCode);
        AssertTable(result, ok: 1, skipped: 0, failed: 1);
        Assert.Equal(First.Text + "\n", Read("a.txt"));
        Assert.Contains(result.ErrorLines, line => line.Contains($"a.wave: its transcript would have the name of that of {same}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_output_never_takes_the_place_of_audio()
    {
        Directory.CreateDirectory(In);
        string raw = Path.Combine(In, "samples.txt");
        File.WriteAllBytes(raw, First.Pcm);

        StenoResult result = await RunAsync("--input-format", "s16le", raw, "-o", In);
        StenoResult folder = await RunAsync("--input-format", "s16le", raw, "-o", In + "/");

        Assert.Contains("it is a directory", result.AssertFault(exitCode: 5), StringComparison.Ordinal);
        Assert.Equal(5, folder.ExitCode);
        Assert.Equal(First.Pcm, File.ReadAllBytes(raw));
    }

    [Fact]
    public async Task The_output_folder_may_lie_inside_and_links_to_folders_are_not_followed()
    {
        Put(First, "a.wav");
        Put(Second, "texts/old.wav");
        Directory.CreateSymbolicLink(Path.Combine(In, "loop"), In);

        StenoResult result = (await RunAsync(In, "--recursive", "-o", Path.Combine(In, "texts"))).AssertSuccess();

        Assert.Equal(["a.txt", "old.wav"], FilesOf(Path.Combine(In, "texts")));
        Assert.Contains($"steno: warning: {Path.Combine(In, "loop")}: a link to a folder is not followed: name it to have it transcribed", result.ErrorLines);
        AssertTable(result, ok: 1, skipped: 0, failed: 0);
    }

    [Fact]
    public async Task A_folder_named_like_a_verb_needs_no_verb_before_it()
    {
        StenoResult result = await StenoProcess.RunAsync("docs", "--silent", "-o", Out);

        Assert.Equal("docs: there is no audio in this folder; its folders are searched with --recursive", result.AssertFault(exitCode: 3));
    }

    [Fact]
    public async Task A_folder_without_audio_is_a_fault()
    {
        Directory.CreateDirectory(Path.Combine(In, "inner"));

        StenoResult result = await RunAsync("--silent", In, "-o", Out);

        Assert.Equal($"{In}: there is no audio in this folder; its folders are searched with --recursive", result.AssertFault(exitCode: 3));
        Assert.False(Directory.Exists(Out));
    }

    [Fact]
    public async Task An_output_that_cannot_be_written_is_told_and_the_others_are_written()
    {
        Put(First, "a.wav");
        Put(Second, "b.wav");
        Directory.CreateDirectory(Path.Combine(Out, "a.txt"));

        StenoResult result = await RunAsync(In, "-o", Out);

        Assert.Equal(5, result.ExitCode);
        AssertTable(result, ok: 1, skipped: 0, failed: 1);
        Assert.Equal(Second.Text + "\n", Read("b.txt"));
    }

    [Theory]
    [InlineData("a.wav -f txt,json", "several formats need a folder")]
    [InlineData("- -f txt,json -o out", "standard input has no name")]
    [InlineData("a.wav --force", "--recursive and --force go with a folder")]
    [InlineData("a.wav -r -o out.txt", "--recursive and --force go with a folder")]
    [InlineData("a.wav -f txt,xml", "--format cannot be 'txt,xml': expected one of txt, json, or several with commas between")]
    [InlineData("a.wav b.wav -o README.md", "--output takes the text of one file")]
    public async Task Words_that_do_not_go_together_are_told_in_one_line(string commandLine, string expected) =>
        Assert.Contains(expected, (await StenoProcess.RunAsync(commandLine.Split(' '))).AssertFault(exitCode: 2), StringComparison.Ordinal);

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public async Task A_signal_leaves_whole_files_and_no_others(string signal, int exitCode)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signals");
        Directory.CreateDirectory(In);
        for (int i = 0; i < 300; i++)
            File.CreateSymbolicLink(Path.Combine(In, $"{i:D3}.wav"), First.Path);
        using StenoProcess process = StenoProcess.Start([In, "-f", "txt,json", "-o", Out]);
        await process.WaitForErrorTextAsync("[3/300]");

        process.Signal(signal);
        StenoResult result = await process.WaitAsync();

        Assert.Equal(exitCode, result.ExitCode);
        string[] files = FilesOf(Out);
        Assert.InRange(files.Length, 6, 599);
        Assert.All(files, name => Assert.Matches("^[0-9]{3}[.](txt|json)$", name));
        Assert.All(files.Where(name => name.EndsWith(".txt", StringComparison.Ordinal)), name => Assert.Equal(First.Text + "\n", Read(name)));
        foreach (string name in files.Where(name => name.EndsWith(".json", StringComparison.Ordinal)))
            JsonDocument.Parse(Read(name)).Dispose();
    }

    [Fact]
    public void The_bar_fits_a_line_and_tells_when_the_end_will_be()
    {
        Assert.Equal("[--------........]".Replace('-', '#').Replace('.', '-') + " 50% 6/12, 1 failed, 0:00:10, ETA 0:00:10", BatchProgress.Bar(6, 12, 1, 0.5, TimeSpan.FromSeconds(10)));
        Assert.Equal("[----------------] 0% 0/12, 0:00:01, ETA --:--", BatchProgress.Bar(0, 12, 0, 0, TimeSpan.FromSeconds(1)));
        Assert.True(BatchProgress.Bar(99_999, 99_999, 9_999, 1, TimeSpan.FromHours(99)).Length < 80);
    }

    private static void AssertTable(StenoResult result, int ok, int skipped, int failed)
    {
        Assert.Contains(result.ErrorLines, line => line.StartsWith($"{"ok",-8}{ok,7}", StringComparison.Ordinal));
        Assert.Contains(result.ErrorLines, line => line.StartsWith($"{"skipped",-8}{skipped,7}", StringComparison.Ordinal));
        Assert.Contains(result.ErrorLines, line => line.StartsWith($"{"failed",-8}{failed,7}", StringComparison.Ordinal));
        if (ok > 0) Assert.Contains(result.ErrorLines, line => line.EndsWith("audio minutes per minute", StringComparison.Ordinal));
    }

    private static Task<StenoResult> RunAsync(params string[] arguments) => StenoProcess.RunAsync(["transcribe", .. arguments]);

    private static string[] FilesOf(string folder) =>
    [
        .. Directory.EnumerateFiles(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None })
            .Select(path => Path.GetRelativePath(folder, path).Replace('\\', '/'))
            .Order(StringComparer.Ordinal),
    ];

    private string Put(Sample sample, string name)
    {
        string path = Path.Combine(In, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, sample.Wav);
        return path;
    }

    private string Read(string name) => File.ReadAllText(Path.Combine(Out, name));

    private void Write(string name, string content) => File.WriteAllText(Path.Combine(Out, name), content);
}
