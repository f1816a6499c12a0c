using System.Diagnostics;

namespace Steno.Tests;

public sealed class AsrModelTests : IClassFixture<BuiltInModel>
{
    private readonly AsrModel _model;

    public AsrModelTests(BuiltInModel builtIn) => _model = builtIn.Model;

    public static TheoryData<string> Recordings => [.. Samples.Names];

    [Theory, MemberData(nameof(Recordings))]
    public async Task A_bundled_recording_is_transcribed_exactly(string name)
    {
        Transcript transcript = await _model.TranscribeAsync(Samples.AudioPath(name));

        Assert.Equal(Samples.Text(name), transcript.Text);
        Assert.Equal(name.Split('-')[0], transcript.Language.ToLowerInvariant());
        Assert.False(transcript.IsTruncated);
        Assert.InRange(transcript.MeanTokenProbability, 0.5, 1);
        TranscriptSegment segment = Assert.Single(transcript.Segments);
        Assert.Equal(TimeSpan.Zero, segment.Start);
        Assert.Equal(transcript.Timings.Audio, segment.End);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Text_ids_and_probabilities_do_not_depend_on_the_number_of_threads(int threadCount)
    {
        using AsrModel model = AsrModel.Load(AsrModel.BuiltInName, new AsrModelOptions { ThreadCount = threadCount });
        foreach (string name in Samples.Names)
        {
            TranscriptSegment expected = (await _model.TranscribeAsync(Samples.AudioPath(name))).Segments[0];
            TranscriptSegment actual = (await model.TranscribeAsync(Samples.AudioPath(name))).Segments[0];
            Assert.Equal(expected.TokenIds, actual.TokenIds);
            Assert.Equal(expected.Text, actual.Text);
            Assert.Equal(expected.MeanTokenProbability, actual.MeanTokenProbability);
        }
    }

    [Fact]
    public async Task Calls_at_the_same_time_do_not_disturb_each_other()
    {
        string[] names = [.. Samples.Names];
        Transcript[] transcripts = await Task.WhenAll(names.Concat(names).Select(name => _model.TranscribeAsync(Samples.AudioPath(name))));

        Assert.Equal(names.Concat(names).Select(Samples.Text), transcripts.Select(transcript => transcript.Text));
    }

    [Fact]
    public async Task Pieces_come_before_the_transcript_and_join_to_its_text()
    {
        Transcription transcription = _model.Transcribe(Samples.AudioPath("english-3"));
        var pieces = new List<string>();
        await foreach (string piece in transcription) pieces.Add(piece);

        Assert.True(pieces.Count > 3, "more than one piece");
        Assert.Equal((await transcription.Completion).Text, string.Concat(pieces));
    }

    [Fact]
    public async Task A_file_a_stream_and_samples_give_the_same_text()
    {
        string path = Samples.AudioPath("german-2");
        await using var stream = File.OpenRead(path);

        Assert.Equal(Samples.Text("german-2"), (await _model.TranscribeAsync(stream)).Text);
        Assert.Equal(Samples.Text("german-2"), (await _model.TranscribeAsync(Samples.Read(path))).Text);
        Assert.True(stream.CanRead);
    }

    [Fact]
    public async Task A_forced_language_is_reported_and_the_text_has_no_header()
    {
        var options = new TranscribeOptions { Language = "eNGLISH" };
        Transcript transcript = await _model.TranscribeAsync(Samples.AudioPath("english-1"), options);

        Assert.Equal("English", transcript.Language);
        Assert.Equal(Samples.Text("english-1"), transcript.Text);
    }

    [Fact]
    public void An_unknown_language_is_refused_with_the_list_of_known_ones()
    {
        var fault = Assert.Throws<ArgumentException>(() => { _ = _model.TranscribeAsync(new float[16000], new TranscribeOptions { Language = "Klingon" }); });

        Assert.Contains("Klingon", fault.Message);
        Assert.Contains("Macedonian", fault.Message);
    }

    [Fact]
    public async Task A_token_limit_that_was_hit_is_flagged()
    {
        Transcript transcript = await _model.TranscribeAsync(Samples.AudioPath("english-3"), new TranscribeOptions { MaxTokens = 6 });

        Assert.True(transcript.IsTruncated);
        Assert.Equal(6, transcript.Segments[0].TokenIds.Count);
        Assert.StartsWith(transcript.Text, Samples.Text("english-3"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_token_limit_below_one_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => { _ = _model.TranscribeAsync(new float[16000], new TranscribeOptions { MaxTokens = 0 }); });

    [Fact]
    public async Task A_prompt_longer_than_the_model_s_positions_is_refused()
    {
        var options = new TranscribeOptions { Prompt = string.Concat(Enumerable.Repeat("1 ", 40_000)) };
        var fault = await Assert.ThrowsAsync<ArgumentException>(() => _model.TranscribeAsync(Samples.AudioPath("english-1"), options));

        Assert.Contains("positions", fault.Message);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(159)]
    [InlineData(200)]
    [InlineData(7999)]
    public async Task Very_short_audio_is_padded_and_transcribed(int sampleCount)
    {
        float[] samples = [.. Enumerable.Range(0, sampleCount).Select(i => 0.3f * MathF.Sin(i * 0.3f))];
        Transcript transcript = await _model.TranscribeAsync(samples);

        Assert.Equal(TimeSpan.FromTicks(sampleCount * 625L), transcript.Timings.Audio);
        Assert.False(transcript.IsTruncated);
    }

    [Fact]
    public async Task Empty_audio_is_an_error() =>
        await Assert.ThrowsAsync<AudioFormatException>(() => _model.TranscribeAsync(ReadOnlyMemory<float>.Empty));

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.NegativeInfinity)]
    public async Task A_sample_that_is_no_number_is_an_error_that_says_where(float bad)
    {
        float[] samples = new float[20_000];
        samples[12_345] = bad;
        var fault = await Assert.ThrowsAsync<AudioFormatException>(() => _model.TranscribeAsync(samples));

        Assert.Contains("12345", fault.Message);
    }

    [Fact]
    public async Task Digital_silence_is_no_speech()
    {
        Transcript transcript = await _model.TranscribeAsync(new float[16_000 * 10]);

        Assert.Equal(string.Empty, transcript.Text);
        Assert.Equal(string.Empty, transcript.Language);
    }

    [Fact]
    public async Task Audio_over_twenty_minutes_is_transcribed_in_segments_that_follow_each_other()
    {
        float[] speech = Samples.Read(Samples.AudioPath("english-2"));
        float[] samples = new float[16_000 * 1300];
        speech.CopyTo(samples, 16_000 * 1295);
        Transcript transcript = await _model.TranscribeAsync(samples);

        Assert.Equal(2, transcript.Segments.Count);
        Assert.Equal(transcript.Segments[0].End, transcript.Segments[1].Start);
        Assert.InRange(transcript.Segments[0].End.TotalSeconds, 1195, 1205);
        Assert.Equal(TimeSpan.FromSeconds(1300), transcript.Segments[1].End);
        Assert.Equal(string.Empty, transcript.Segments[0].Text);
    }

    [Fact]
    public async Task Cancellation_stops_the_work_at_once()
    {
        var random = new Random(3);
        float[] noise = [.. Enumerable.Range(0, 16_000 * 600).Select(_ => (float)(random.NextDouble() - 0.5))];
        using var source = new CancellationTokenSource();
        Task<Transcript> work = _model.TranscribeAsync(noise, cancellationToken: source.Token);
        await Task.Delay(500);
        Assert.False(work.IsCompleted, "ten minutes of audio take longer than half a second");

        long start = Stopwatch.GetTimestamp();
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => work);

        // The promise is 100 ms; other tests that run beside this one may take the processor away for a while.
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalMilliseconds, 0, 1000);
    }

    [Fact]
    public async Task Leaving_the_enumeration_stops_the_work()
    {
        Transcription transcription = _model.Transcribe(Samples.AudioPath("english-3"));
        await foreach (string _ in transcription) break;

        Task ended = await Task.WhenAny(transcription.Completion, Task.Delay(TimeSpan.FromSeconds(30)));
        Assert.Same(transcription.Completion, ended);
        await Assert.ThrowsAsync<InvalidOperationException>(async () =>
        {
            await foreach (string _ in transcription) break;
        });
    }

    [Fact]
    public async Task A_disposed_model_finishes_calls_under_way_and_refuses_new_ones()
    {
        AsrModel model = AsrModel.Load(AsrModel.BuiltInName);
        Task<Transcript> underWay = model.TranscribeAsync(Samples.AudioPath("english-3"));
        model.Dispose();
        model.Dispose();

        Assert.Equal(Samples.Text("english-3"), (await underWay).Text);
        Assert.Throws<ObjectDisposedException>(() => { _ = model.TranscribeAsync(Samples.AudioPath("english-3")); });
    }

    [Fact]
    public async Task A_missing_file_is_reported_by_the_task() =>
        await Assert.ThrowsAsync<FileNotFoundException>(() => _model.TranscribeAsync(Path.Combine(Samples.Directory, "none.wav")));

    [Fact]
    public void Facts_about_the_model_come_from_its_checkpoint()
    {
        Assert.Equal((4, 128, 2, 512, 48), _model.Info.Encoder);
        Assert.Equal((4, 128, 2, 1, 384, 1123), _model.Info.Decoder);
        Assert.Equal(WeightPrecision.BFloat16, _model.Info.Weights);
        Assert.Equal(4L * 2 * 128 * 2, _model.Info.CacheBytesPerPosition);
        Assert.Equal(30, _model.Info.Languages.Count);
    }
}
