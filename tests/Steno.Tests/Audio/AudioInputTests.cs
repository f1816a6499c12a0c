using System.Diagnostics;
using System.IO.Pipes;
using Steno.Audio;
using Steno.Audio.Containers;
using Steno.Audio.Decoders;

namespace Steno.Tests.Audio;

public sealed class AudioInputTests
{
    // Each blocked read holds a thread of the pool, and on a small machine the pool takes its time to start another.
    static AudioInputTests() => ThreadPool.SetMinThreads(32, 32);

    private static AudioInputOptions WithoutDecoders => new() { Decoders = new DecoderSettings { Ffmpeg = DecoderSettings.None, Sndfile = DecoderSettings.None } };

    public static TheoryData<string, string> OtherFiles => new()
    {
        { "tone.mp3", "MP3" },
        { "tone.flac", "FLAC" },
        { "tone.ogg", "Ogg" },
        { "tone.m4a", "MP4" },
        { "tone.webm", "WebM" },
        { "tone.aiff", "AIFF" },
        { "tone.au", "AU" },
        { "tone.caf", "CAF" },
        { "tone.w64", "Wave64" },
        { "tone.wma", "Windows Media" },
        { "rifx.wav", "RIFX (big-endian" },
    };

    [Theory, MemberData(nameof(OtherFiles))]
    public async Task A_file_or_pipe_in_another_format_is_an_error_that_names_it_where_there_is_no_decoder(string name, string format)
    {
        string path = AudioFixtures.PathOf("other", name);
        var fault = await Assert.ThrowsAsync<AudioFormatException>(async () => await AudioInput.OpenFileAsync(path, WithoutDecoders, CancellationToken.None));
        Assert.StartsWith(path + ": this is not a WAV file but looks like " + format, fault.Message, StringComparison.Ordinal);

        var stream = new ForwardOnlyStream(AudioFixtures.Bytes("other", name));
        fault = await Assert.ThrowsAsync<AudioFormatException>(async () => await AudioInput.OpenAsync(stream, WithoutDecoders, leaveOpen: false, CancellationToken.None));
        Assert.StartsWith("this is not a WAV file but looks like " + format, fault.Message, StringComparison.Ordinal);
        Assert.Contains("ffmpeg or libsndfile", fault.Message, StringComparison.Ordinal);
        Assert.Contains("install ", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bare.mp3", "MP3")]
    [InlineData("tone.aac", "AAC")]
    public async Task A_file_of_bare_frames_is_named_too(string name, string format)
    {
        var fault = await Assert.ThrowsAsync<AudioFormatException>(async () =>
            await AudioInput.OpenFileAsync(AudioFixtures.PathOf("other", name), WithoutDecoders, CancellationToken.None));

        Assert.Contains(format, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stream_that_is_no_WAV_holds_raw_16_bit_samples()
    {
        using SampleReader reader = await OpenAsync(new ForwardOnlyStream([0, 0x40, 0, 0xC0]));

        Assert.Equal((float[])[0.5f, -0.5f], await AudioFixtures.ReadAllAsync(reader));
    }

    [Theory]
    [InlineData("bare.mp3", "MP3")]
    [InlineData("tone.aac", "AAC")]
    public async Task A_pipe_of_bare_frames_is_known_by_three_in_a_row_and_two_are_samples(string name, string format)
    {
        byte[] file = AudioFixtures.Bytes("other", name);
        byte[] bytes = [.. file, .. file];
        var fault = await Assert.ThrowsAsync<AudioFormatException>(async () =>
            await AudioInput.OpenAsync(new ForwardOnlyStream(bytes), WithoutDecoders, leaveOpen: false, CancellationToken.None));
        Assert.Contains(format, fault.Message, StringComparison.Ordinal);

        Assert.True(MpegFrame.TryParse(bytes, out MpegFrame first));
        Assert.True(MpegFrame.TryParse(bytes.AsSpan(first.SizeBytes), out MpegFrame second));
        byte[] two = bytes[..((first.SizeBytes + second.SizeBytes) / 2 * 2)];
        using SampleReader reader = await AudioInput.OpenAsync(new ForwardOnlyStream(two), WithoutDecoders, leaveOpen: false, CancellationToken.None);
        Assert.Equal(two.Length / 2, (await AudioFixtures.ReadAllAsync(reader)).Length);
    }

    [Fact]
    public async Task A_stream_shorter_than_a_signature_is_read()
    {
        using SampleReader one = await OpenAsync(new ForwardOnlyStream([0, 0x40]));
        using SampleReader none = await OpenAsync(new ForwardOnlyStream([]));

        Assert.Equal((float[])[0.5f], await AudioFixtures.ReadAllAsync(one));
        Assert.Empty(await AudioFixtures.ReadAllAsync(none));
    }

    [Fact]
    public async Task What_the_caller_says_a_stream_holds_goes_before_what_it_looks_like()
    {
        using SampleReader reader = await AudioInput.OpenAsync(new MemoryStream("RIFF"u8.ToArray()), AudioEncoding.Pcm16, leaveOpen: false, CancellationToken.None);

        Assert.Equal(2, (await AudioFixtures.ReadAllAsync(reader)).Length);
    }

    [Fact]
    public async Task A_file_of_raw_samples_is_read_when_it_is_named_as_such()
    {
        string path = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(path, [0, 0, 0x80, 0x3F], CancellationToken.None);
            using SampleReader floats = await AudioInput.OpenFileAsync(path, AudioEncoding.Float32, CancellationToken.None);
            Assert.Equal((float[])[1f], await AudioFixtures.ReadAllAsync(floats));

            var fault = await Assert.ThrowsAsync<AudioFormatException>(() => OpenFileAsync(path));
            Assert.Contains("too few for a WAV file", fault.Message, StringComparison.Ordinal);

            await File.WriteAllBytesAsync(path, [], CancellationToken.None);
            fault = await Assert.ThrowsAsync<AudioFormatException>(() => OpenFileAsync(path));
            Assert.Contains("empty", fault.Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public async Task A_missing_file_and_a_directory_are_faults_of_the_file_system()
    {
        await Assert.ThrowsAsync<FileNotFoundException>(() => OpenFileAsync(AudioFixtures.PathOf("wav", "missing.wav")));
        await Assert.ThrowsAsync<DirectoryNotFoundException>(() => OpenFileAsync(AudioFixtures.PathOf("missing", "missing.wav")));
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => OpenFileAsync(AudioFixtures.PathOf("wav")));
    }

    [Fact]
    public async Task Another_rate_is_brought_to_16_kHz_and_16_kHz_is_left_alone()
    {
        using SampleReader resampled = await OpenFileAsync(AudioFixtures.PathOf("wav", "sox-s16-stereo.wav"));
        using SampleReader plain = await OpenFileAsync(Repository.PathOf("tests", "data", "golden", "random-small", "clip-0.73.wav"));

        Assert.IsType<Resampler>(resampled);
        Assert.IsType<DurationLimit>(plain);
        Assert.Equal(16000, resampled.SampleRateHz);
        Assert.Equal(134, (await AudioFixtures.ReadAllAsync(resampled)).Length);
        Assert.Equal(11680, (await AudioFixtures.ReadAllAsync(plain)).Length);
    }

    [Fact]
    public async Task A_stream_is_closed_exactly_when_the_reader_owns_it()
    {
        foreach (bool leaveOpen in (bool[])[false, true])
        {
            var good = new MemoryStream(AudioFixtures.Bytes("wav", "sox-s16-stereo.wav"));
            (await AudioInput.OpenAsync(good, AudioEncoding.Auto, leaveOpen, CancellationToken.None)).Dispose();
            Assert.Equal(leaveOpen, good.CanRead);

            var bad = new MemoryStream("fLaC, and then nothing of the kind"u8.ToArray());
            await Assert.ThrowsAsync<AudioFormatException>(async () => await AudioInput.OpenAsync(bad, AudioEncoding.Auto, leaveOpen, CancellationToken.None));
            Assert.Equal(leaveOpen, bad.CanRead);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_wait_for_the_first_bytes_ends_soon_after_cancellation(bool blocksCaller)
    {
        await AssertStopsSoonAsync(token => AudioInput.OpenAsync(new StuckStream([], blocksCaller), AudioEncoding.Auto, leaveOpen: false, token).AsTask());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_wait_for_samples_ends_soon_after_cancellation(bool blocksCaller)
    {
        byte[] start = new WavBuilder(formSize: 0).Format(rate: 8000).Samples(0, 1, 2, 3).Build();
        using SampleReader reader = await AudioInput.OpenAsync(new StuckStream(start, blocksCaller), AudioEncoding.Auto, leaveOpen: false, CancellationToken.None);

        await AssertStopsSoonAsync(async token =>
        {
            while (await reader.ReadAsync(new float[100], token) > 0)
            {
            }
        });
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await reader.ReadAsync(new float[100], CancellationToken.None));
    }

    [Fact]
    public async Task A_pipe_of_the_system_with_a_silent_writer_can_be_left()
    {
        using var server = new AnonymousPipeServerStream(PipeDirection.Out);
        var client = new AnonymousPipeClientStream(PipeDirection.In, server.ClientSafePipeHandle);

        await AssertStopsSoonAsync(token => AudioInput.OpenAsync(client, AudioEncoding.Auto, leaveOpen: false, token).AsTask());
    }

    [Fact]
    public async Task A_token_that_is_cancelled_already_stops_at_once()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            await AudioInput.OpenAsync(new MemoryStream([1, 2]), AudioEncoding.Auto, leaveOpen: false, new CancellationToken(canceled: true)));
    }

    private static async Task AssertStopsSoonAsync(Func<CancellationToken, Task> wait)
    {
        using var cancellation = new CancellationTokenSource();
        Task waiting = wait(cancellation.Token);
        await Task.Delay(50, CancellationToken.None);
        Assert.False(waiting.IsCompleted);

        long start = Stopwatch.GetTimestamp();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(TimeSpan.FromSeconds(10), CancellationToken.None));

        // Promised are 100 ms; the rest is for a machine that is busy with other tests.
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalMilliseconds, 0, 400);
    }

    private static async Task<SampleReader> OpenAsync(Stream stream) =>
        await AudioInput.OpenAsync(stream, AudioEncoding.Auto, leaveOpen: false, CancellationToken.None);

    private static async Task<SampleReader> OpenFileAsync(string path) => await AudioInput.OpenFileAsync(path, AudioEncoding.Auto, CancellationToken.None);
}
