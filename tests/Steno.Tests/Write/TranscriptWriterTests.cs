using System.Text;

namespace Steno.Tests.Write;

public sealed class TranscriptWriterTests
{
    private readonly StringBuilder _written = new();

    [Fact]
    public void Json_is_one_line_with_every_script_as_it_is()
    {
        var writer = new TranscriptJsonWriter(Take);

        writer.Complete("a \"b\".wav", "tiny-asr", TranscriptOf("Música 音乐 <b>", isTruncated: true));

        Assert.Equal(
            """
            {"file":"a \"b\".wav","language":"Spanish","text":"Música 音乐 <b>","is_truncated":true,"damage":null,"mean_token_probability":0.9877,
            "segments":[{"start":0,"end":11,"language":"Spanish","text":"Música 音乐 <b>","is_truncated":true,"is_repetition_collapsed":false,"mean_token_probability":0.9877}],
            "timings":{"audio_seconds":11,"total_ms":812,"encoding_ms":140.3,"decoding_ms":672,"time_to_first_token_ms":140.3,"text_tokens":27,"real_time_factor":0.0738},
            "model":"tiny-asr"}
            """.ReplaceLineEndings("") + "\n",
            _written.ToString());
    }

    [Fact]
    public void Json_says_where_the_audio_is_damaged()
    {
        var writer = new TranscriptJsonWriter(Take);

        writer.Complete("a.ts", "tiny-asr", TranscriptOf("Stop") with { Damage = new AudioDamage(TimeSpan.FromSeconds(7.56789), "it is \"cut off\"") });

        Assert.Contains("""
            "is_truncated":false,"damage":{"at":7.568,"reason":"it is \"cut off\""},"mean_token_probability":
            """, _written.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Streamed_text_is_the_pieces_and_one_newline()
    {
        var writer = new TranscriptTextWriter(Take, isStreaming: true, hasSeveralFiles: false);

        writer.WritePiece("a.wav", "Stop");
        writer.WritePiece("a.wav", " it.");
        writer.Complete("a.wav", "tiny-asr", TranscriptOf("Stop it."));

        Assert.Equal("Stop it.\n", _written.ToString());
    }

    [Fact]
    public void Text_that_is_not_streamed_is_the_final_one()
    {
        var writer = new TranscriptTextWriter(Take, isStreaming: false, hasSeveralFiles: false);

        writer.Complete("a.wav", "tiny-asr", TranscriptOf("Stop it."));

        Assert.Equal("Stop it.\n", _written.ToString());
    }

    [Fact]
    public void Several_files_are_told_apart_by_their_names()
    {
        var writer = new TranscriptTextWriter(Take, isStreaming: true, hasSeveralFiles: true);

        writer.WritePiece("a.wav", "One.");
        writer.Complete("a.wav", "tiny-asr", TranscriptOf("One."));
        writer.Complete("silence\n.wav", "tiny-asr", TranscriptOf(""));

        Assert.Equal("==> a.wav <==\nOne.\n\n==> silence .wav <==\n\n", _written.ToString());
    }

    [Fact]
    public void A_line_that_a_fault_cut_off_is_ended()
    {
        var writer = new TranscriptTextWriter(Take, isStreaming: true, hasSeveralFiles: false);

        writer.WritePiece("a.wav", "Stop");
        writer.Abandon();
        writer.Abandon();

        Assert.Equal("Stop\n", _written.ToString());
    }

    private void Take(ReadOnlyMemory<byte> bytes) => _written.Append(Encoding.UTF8.GetString(bytes.Span));

    private static Transcript TranscriptOf(string text, bool isTruncated = false)
    {
        var segment = new TranscriptSegment
        {
            Start = TimeSpan.Zero,
            End = TimeSpan.FromSeconds(11),
            Language = "Spanish",
            Text = text,
            TokenIds = [1, 2],
            IsTruncated = isTruncated,
            IsRepetitionCollapsed = false,
            MeanTokenProbability = 0.98765,
        };
        return new Transcript
        {
            Language = "Spanish",
            Text = text,
            Segments = [segment],
            IsTruncated = isTruncated,
            MeanTokenProbability = 0.98765,
            Timings = new TranscriptTimings
            {
                Audio = TimeSpan.FromSeconds(11),
                Total = TimeSpan.FromMilliseconds(812),
                Encoding = TimeSpan.FromMilliseconds(140.28),
                Decoding = TimeSpan.FromMilliseconds(672),
                TimeToFirstToken = TimeSpan.FromMilliseconds(140.28),
                TextTokenCount = 27,
            },
        };
    }
}
