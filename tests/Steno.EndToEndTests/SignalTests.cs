using System.Diagnostics;

namespace Steno.EndToEndTests;

public sealed class SignalTests
{
    /// <summary>The engine stops within 100 ms; the rest is for ending the process on a busy machine.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public async Task A_signal_ends_a_run_that_waits_for_input(string signal, int exitCode)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signals");
        using StenoProcess process = StenoProcess.Start(["transcribe", "-"]);
        await process.WaitForErrorTextAsync("built-in");

        await AssertEndsAsync(process, signal, exitCode);
    }

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public async Task A_signal_ends_a_run_that_computes_and_leaves_no_file(string signal, int exitCode)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signals");
        using var directory = new TemporaryDirectory();
        byte[] speech = new Sample("english-3").Pcm;
        byte[] longAudio = [.. Enumerable.Repeat(speech, 300).SelectMany(part => part)];
        string audio = directory.Write("long.wav", WavBytes.Of(longAudio));
        using StenoProcess process = StenoProcess.Start(["transcribe", audio, "-o", directory.PathOf("out.txt")]);
        await process.WaitForErrorTextAsync("built-in");
        await Task.Delay(500);

        await AssertEndsAsync(process, signal, exitCode);
        Assert.Equal(["long.wav"], directory.FileNames);
    }

    private static async Task AssertEndsAsync(StenoProcess process, string signal, int exitCode)
    {
        var ending = Stopwatch.StartNew();
        process.Signal(signal);
        StenoResult result = await process.WaitAsync();
        ending.Stop();

        Assert.Equal(exitCode, result.ExitCode);
        Assert.Equal("steno: interrupted", result.ErrorLines[^1]);
        result.AssertNoTrace();
        Assert.True(ending.Elapsed < Patience, $"it took {ending.Elapsed.TotalMilliseconds:F0} ms to end");
    }
}
