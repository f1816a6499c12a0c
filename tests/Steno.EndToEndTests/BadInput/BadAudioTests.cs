namespace Steno.EndToEndTests.BadInput;

public sealed class BadAudioTests
{
    private static readonly byte[] Noise = WavBytes.Noise(16000);

    public static TheoryData<string, byte[]> Broken => new()
    {
        { "empty", [] },
        { "four bytes", "RIFF"u8.ToArray() },
        { "header without chunks", WavBytes.Of([])[..12] },
        { "header that ends inside fmt", WavBytes.Of(Noise)[..30] },
        { "no data chunk", WavBytes.Of(Noise)[..36] },
        { "another RIFF form", [.. "RIFF"u8, 4, 0, 0, 0, .. "AVI "u8] },
        { "samples that are cut off", WavBytes.Of(Noise)[..20_000] },
        { "samples that are cut off inside a frame", WavBytes.Of(Noise, channelCount: 2, riffSize: 0xFFFFFFFF, dataSize: 0xFFFFFFFF)[..^3] },
        { "a size beyond the file", WavBytes.Of(Noise, dataSize: 1_000_000_000) },
        { "a size short of the file", WavBytes.Of(Noise, dataSize: 16_000) },
        { "no samples", WavBytes.Of([]) },
        { "0 channels", WavBytes.Of(Noise, channelCount: 0) },
        { "rate 0", WavBytes.Of(Noise, sampleRateHz: 0) },
        { "0 bits", WavBytes.Of(Noise, bitsPerSample: 0) },
        { "7 bits", WavBytes.Of(Noise, bitsPerSample: 7) },
        { "65535 channels", WavBytes.Of(Noise, channelCount: 65535) },
        { "rate of 4 GHz", WavBytes.Of(Noise, sampleRateHz: unchecked((int)4_000_000_000)) },
        { "unknown codec", WavBytes.Of(Noise, format: 0x55) },
        { "NaN", WavBytes.Of(WavBytes.Floats(16000, float.NaN), WavBytes.IeeeFloat, bitsPerSample: 32) },
        { "infinite", WavBytes.Of(WavBytes.Floats(16000, float.PositiveInfinity), WavBytes.IeeeFloat, bitsPerSample: 32) },
        { "text", "This is no audio at all, whatever its name says."u8.ToArray() },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task A_broken_file_is_told_in_one_line(string name, byte[] content)
    {
        using var directory = new TemporaryDirectory();
        string path = directory.Write(name + ".wav", content);

        StenoResult result = await StenoProcess.RunAsync("--silent", path);

        Assert.StartsWith(path, result.AssertFault(exitCode: 3), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Empty_standard_input_is_told_in_one_line()
    {
        StenoResult result = await StenoProcess.RunAsync("--silent", "-");

        Assert.StartsWith("standard input: ", result.AssertFault(exitCode: 3), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Raw_floats_that_are_not_numbers_are_told_in_one_line()
    {
        StenoResult result = await StenoProcess.RunWithInputAsync(WavBytes.Floats(16000, float.NaN), "--silent", "-", "--input-format", "f32le");

        Assert.StartsWith("standard input: ", result.AssertFault(exitCode: 3), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Raw_samples_that_end_inside_a_sample_are_told_in_one_line()
    {
        StenoResult result = await StenoProcess.RunWithInputAsync(Noise.AsMemory(0, 20_001), "--silent", "-", "--input-format", "s16le");

        Assert.StartsWith("standard input: ", result.AssertFault(exitCode: 3), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-", "standard input is closed")]
    [InlineData("--stdin", "standard input is closed")]
    [InlineData("/dev/stdin", "/dev/stdin: standard input is closed")]
    public async Task A_standard_input_that_is_closed_is_told_at_once(string argument, string expected)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs a shell");

        StenoResult result = await StenoProcess.RunShellAsync($"exec \"$STENO\" --silent {argument} <&-");

        Assert.StartsWith(expected, result.AssertFault(exitCode: 3), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_document_in_a_pipe_is_no_samples()
    {
        StenoResult result = await StenoProcess.RunWithInputAsync((byte[])[.. "%PDF-1.7\n%"u8, .. Noise], "--silent", "-");

        Assert.StartsWith("standard input: this is no audio but a PDF document", result.AssertFault(exitCode: 3), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_directory_is_no_audio()
    {
        using var directory = new TemporaryDirectory();

        StenoResult result = await StenoProcess.RunAsync(directory.Path);

        Assert.Equal($"{directory.Path}: is a directory: to transcribe the files in it, use --output FOLDER", result.AssertFault(exitCode: 3));
    }

    [Fact]
    public async Task A_missing_file_is_told_before_the_model_is_loaded()
    {
        StenoResult result = await StenoProcess.RunAsync("-d", "no-such-model", "-i", "no-such-file.wav");

        Assert.Equal("no-such-file.wav: there is no such file", result.AssertFault(exitCode: 3));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(159)]
    [InlineData(200)]
    [InlineData(7999)]
    public async Task Audio_that_is_very_short_is_no_fault(int sampleCount)
    {
        StenoResult result = (await StenoProcess.RunWithInputAsync(WavBytes.Noise(sampleCount), "--silent", "-", "--input-format", "s16le")).AssertSuccess();

        Assert.EndsWith("\n", result.Output, StringComparison.Ordinal);
        Assert.Equal("", result.Error);
    }
}
