using System.Diagnostics;
using System.Globalization;

namespace Steno.EndToEndTests.BadInput;

/// <summary>A program named ffmpeg that never writes anything.</summary>
public sealed class HangingDecoderTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private string Started => _directory.PathOf("started");

    private (string Name, string? Value)[] Environment =>
    [
        ("PATH", _directory.PathOf("bin") + ":" + System.Environment.GetEnvironmentVariable("PATH")),
        ("STENO_FFMPEG", null), ("STENO_SNDFILE", "none"), ("STENO_DECODER_TIMEOUT", "2"), ("TMPDIR", _directory.PathOf("tmp")),
    ];

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task It_is_stopped_after_the_time_without_a_sample_and_the_next_file_is_transcribed()
    {
        PutProgram();
        string path = _directory.Write("a.webm", (byte[])[0x1A, 0x45, 0xDF, 0xA3, .. new byte[1000]]);
        var sample = new Sample("english-1");
        long start = Stopwatch.GetTimestamp();

        StenoResult result = await StenoProcess.RunWithEnvironmentAsync(Environment, "--silent", path, sample.Path);

        Assert.Equal(3, result.ExitCode);
        string line = Assert.Single(result.ErrorLines);
        Assert.StartsWith($"steno: {path}: ", line, StringComparison.Ordinal);
        Assert.Contains("ffmpeg gave no audio for 2 seconds and was stopped", line, StringComparison.Ordinal);
        Assert.Contains(sample.Text, result.Output, StringComparison.Ordinal);
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 2, 20);
        Assert.Throws<ArgumentException>(() => Process.GetProcessById(ProgramId()));
    }

    [Fact]
    public async Task Nothing_of_the_copy_of_a_pipe_is_left_when_steno_is_killed_while_it_runs()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs files without a name");
        PutProgram();
        using StenoProcess process = StenoProcess.Start(["--silent", "-"], environment: [.. Environment, ("STENO_DECODER_TIMEOUT", "60")]);
        await process.WriteInputAsync((byte[])[0, 0, 0, 16, .. "ftypisom"u8, .. new byte[100_000]]);
        while (!File.Exists(Started)) await Task.Delay(20, TestContext.Current.CancellationToken);

        string[] files = Directory.GetFiles(_directory.PathOf("tmp"), "steno-*");
        process.Kill();
        await process.WaitAsync();
        Process.GetProcessById(ProgramId()).Kill();

        Assert.Empty(files);
    }

    private int ProgramId() => int.Parse(File.ReadAllText(Started), CultureInfo.InvariantCulture);

    private void PutProgram()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs a shell");
        Directory.CreateDirectory(_directory.PathOf("bin"));
        Directory.CreateDirectory(_directory.PathOf("tmp"));
        string program = _directory.Write(Path.Combine("bin", "ffmpeg"), $"#!/bin/sh\necho $$ >'{Started}.new'; mv '{Started}.new' '{Started}'\nexec sleep 100\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
