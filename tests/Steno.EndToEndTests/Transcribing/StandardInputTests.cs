using System.Buffers.Binary;
using Steno.EndToEndTests.FileSystem;

namespace Steno.EndToEndTests.Transcribing;

public sealed class StandardInputTests
{
    private static readonly Sample Sample = new("chinese-2");

    [Fact]
    public async Task A_wav_file() => await AssertTextAsync(Sample.Wav, "transcribe", "-");

    [Fact]
    public async Task Raw_samples_are_taken_for_16_bits_16_kHz_with_a_warning()
    {
        StenoResult result = (await StenoProcess.RunWithInputAsync(Sample.Pcm, "transcribe", "--stdin", "--silent")).AssertSuccess();

        Assert.Equal(Sample.Text + "\n", result.Output);
        string warning = Assert.Single(result.ErrorLines);
        Assert.StartsWith("steno: warning: standard input: begins like no audio file", warning, StringComparison.Ordinal);
        Assert.EndsWith("--input-format s16le", warning, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Raw_samples_that_are_named() => await AssertTextAsync(Sample.Pcm, "-", "--input-format", "s16le");

    [Fact]
    public async Task Raw_floats() => await AssertTextAsync(Floats(Sample.Pcm), "-", "--input-format", "f32le");

    // WavPack ends with tags that its decoder looks for first.
    [Fact]
    public async Task WavPack()
    {
        using var directory = new TemporaryDirectory();
        string path = MediaFile.Make(Sample, directory.PathOf("a.wv"));

        await AssertTextAsync(await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken), "-");
        StenoResult named = await StenoProcess.RunShellAsync($"cat '{path}' | \"$STENO\" --silent /dev/stdin");

        Assert.Equal(Sample.Text + "\n", named.AssertSuccess().Output);
    }

    [Theory]
    [InlineData(0xFFFFFFFFu, 0xFFFFFFFFu)]
    [InlineData(0u, 0u)]
    [InlineData(0xFFFFFFFFu, 0x7FFFFFFFu)]
    public async Task A_wav_from_a_pipe_whose_writer_did_not_know_its_size(uint riffSize, uint dataSize) =>
        await AssertTextAsync(WavBytes.Of(Sample.Pcm, riffSize: riffSize, dataSize: dataSize), "-");

    [Fact]
    public async Task Raw_samples_in_a_file()
    {
        using var directory = new TemporaryDirectory();
        string path = directory.Write("raw.f32", Floats(Sample.Pcm));

        StenoResult result = (await StenoProcess.RunAsync("--silent", "--input-format", "f32le", path)).AssertSuccess();

        Assert.Equal(Sample.Text + "\n", result.Output);
    }

    [Fact]
    public async Task A_pipe_that_has_a_name()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs /dev/stdin");

        StenoResult result = (await StenoProcess.RunWithInputAsync(Sample.Wav, "--silent", "/dev/stdin")).AssertSuccess();

        Assert.Equal(Sample.Text + "\n", result.Output);
    }

    [Theory]
    [InlineData("m4a")]
    [InlineData("webm")]
    [InlineData("opus")]
    [InlineData("ts")]
    public async Task A_file_by_the_name_of_standard_input(string extension)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs /dev/stdin");
        using var directory = new TemporaryDirectory();
        string path = FileSystem.MediaFile.Make(Sample, directory.PathOf("a." + extension));
        string link = directory.PathOf("link." + extension);
        File.CreateSymbolicLink(link, "/dev/stdin");

        StenoResult named = (await StenoProcess.RunAsync("--silent", path)).AssertSuccess();
        Assert.NotEqual("\n", named.Output);
        foreach (string name in (string[])["-", "/dev/stdin", "/dev/fd/0", "/proc/self/fd/0", link])
        {
            if (name.StartsWith("/proc", StringComparison.Ordinal) && !OperatingSystem.IsLinux()) continue;
            StenoResult result = (await StenoProcess.RunShellAsync($"\"$STENO\" --silent {name} <'{path}'")).AssertSuccess();
            Assert.Equal(named.Output, result.Output);
            Assert.Equal("", result.Error);
        }
    }

    [Fact]
    public async Task An_hour_of_silence_has_no_text()
    {
        byte[] hour = new byte[60 * 60 * 16000 * 2];

        StenoResult result = (await StenoProcess.RunWithInputAsync(hour, "-", "--input-format", "s16le")).AssertSuccess();

        Assert.Equal("\n", result.Output);
        Assert.Contains("No speech was found.", result.ErrorLines);
        Assert.StartsWith("Audio: 3600.0 s processed in ", result.ErrorLines[^1], StringComparison.Ordinal);
    }

    private static async Task AssertTextAsync(byte[] input, params string[] arguments)
    {
        StenoResult result = (await StenoProcess.RunWithInputAsync(input, [.. arguments, "--silent"])).AssertSuccess();

        Assert.Equal(Sample.Text + "\n", result.Output);
        Assert.Equal("", result.Error);
    }

    private static byte[] Floats(byte[] pcm)
    {
        byte[] floats = new byte[pcm.Length * 2];
        for (int i = 0; i < pcm.Length / 2; i++)
            BinaryPrimitives.WriteSingleLittleEndian(floats.AsSpan(4 * i), BinaryPrimitives.ReadInt16LittleEndian(pcm.AsSpan(2 * i)) / 32768f);
        return floats;
    }
}
