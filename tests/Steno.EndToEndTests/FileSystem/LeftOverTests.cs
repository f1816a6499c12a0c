namespace Steno.EndToEndTests.FileSystem;

/// <summary>What a process leaves that is killed while it writes.</summary>
public sealed class LeftOverTests : IDisposable
{
    private const string Part = ".steno.part";

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_killed_export_leaves_a_file_of_a_known_name_that_the_next_run_deletes()
    {
        string output = _directory.PathOf("x.gguf");
        string[] left = [];
        for (int attempt = 0; left.Length == 0 && attempt < 50; attempt++)
        {
            if (File.Exists(output)) File.Delete(output);
            using StenoProcess process = StenoProcess.Start(["quantize", "tiny-asr", "q4_k", "-o", output, "--allow-lossy", "--threads", "1", "--silent"]);

            // The file that shows whether the folder can be written comes first, and is empty.
            while (!Parts().Any(path => new FileInfo(path) is { Exists: true, Length: > 0 }) && !File.Exists(output)) await Task.Yield();
            process.Kill();
            await process.WaitAsync();
            left = Parts();
        }

        Assert.NotEmpty(left);
        Assert.All(left, path => Assert.StartsWith(output + ".", path, StringComparison.Ordinal));
        Assert.False(File.Exists(output));
        (await StenoProcess.RunAsync("convert", "tiny-asr", "-o", output, "--silent")).AssertSuccess();
        Assert.Equal(["x.gguf"], _directory.FileNames);
    }

    [Fact]
    public async Task Old_ones_of_other_outputs_go_too_and_those_of_living_processes_stay()
    {
        string own = _directory.Write("out.txt.aaaaaaaa" + Part, "left");
        string old = _directory.Write("other.gguf.bbbbbbbb" + Part, "left");
        string young = _directory.Write("young.gguf.cccccccc" + Part, "at work?");
        string locked = _directory.Write("locked.gguf.dddddddd" + Part, "at work");
        string foreign = _directory.Write("film.mp4.part", "a download of somebody else");
        foreach (string path in (string[])[own, old, locked, foreign]) File.SetLastWriteTimeUtc(path, DateTime.UtcNow - TimeSpan.FromHours(1));
        using (new FileStream(locked, FileMode.Open, FileAccess.Write, FileShare.None))
            (await StenoProcess.RunAsync("--silent", "-o", _directory.PathOf("out.txt"), new Sample("english-2").Path)).AssertSuccess();

        Assert.False(File.Exists(own));
        Assert.False(File.Exists(old));
        Assert.True(File.Exists(young) && File.Exists(locked) && File.Exists(foreign));
    }

    private string[] Parts() => Directory.GetFiles(_directory.Path, "*" + Part);
}
