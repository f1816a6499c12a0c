using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Steno;

/// <summary>One JSON object on one line for each file (JSON Lines), so that several files stream. Times are seconds unless the name says ms.</summary>
/// <param name="write">Takes the UTF-8 bytes of a whole line.</param>
internal sealed class TranscriptJsonWriter(Action<ReadOnlyMemory<byte>> write) : TranscriptWriter
{
    /// <summary>Leaves every letter of every script as it is: the output is UTF-8 and not embedded in HTML.</summary>
    public static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public override bool IsStreaming => false;

    public override void WritePiece(string audioName, string piece) =>
        throw new InvalidOperationException("A JSON object is written whole.");

    public override void Complete(string audioName, string modelName, Transcript transcript)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
            WriteTranscript(json, audioName, modelName, transcript);
        buffer.Write("\n"u8);
        write(buffer.WrittenMemory);
    }

    public override void Abandon()
    {
    }

    private static void WriteTranscript(Utf8JsonWriter json, string audioName, string modelName, Transcript transcript)
    {
        json.WriteStartObject();
        json.WriteString("file", audioName);
        json.WriteString("language", transcript.Language);
        json.WriteString("text", transcript.Text);
        json.WriteBoolean("is_truncated", transcript.IsTruncated);
        WriteDamage(json, transcript.Damage);
        WriteProbability(json, transcript.MeanTokenProbability);
        json.WriteStartArray("segments");
        foreach (TranscriptSegment segment in transcript.Segments)
            WriteSegment(json, segment);
        json.WriteEndArray();
        WriteTimings(json, transcript.Timings);
        json.WriteString("model", modelName);
        json.WriteEndObject();
    }

    private static void WriteDamage(Utf8JsonWriter json, AudioDamage? damage)
    {
        if (damage is null)
        {
            json.WriteNull("damage");
            return;
        }

        json.WriteStartObject("damage");
        json.WriteNumber("at", Seconds(damage.At));
        json.WriteString("reason", damage.Reason);
        json.WriteEndObject();
    }

    private static void WriteSegment(Utf8JsonWriter json, TranscriptSegment segment)
    {
        json.WriteStartObject();
        json.WriteNumber("start", Seconds(segment.Start));
        json.WriteNumber("end", Seconds(segment.End));
        json.WriteString("language", segment.Language);
        json.WriteString("text", segment.Text);
        json.WriteBoolean("is_truncated", segment.IsTruncated);
        json.WriteBoolean("is_repetition_collapsed", segment.IsRepetitionCollapsed);
        WriteProbability(json, segment.MeanTokenProbability);
        json.WriteEndObject();
    }

    private static void WriteTimings(Utf8JsonWriter json, TranscriptTimings timings)
    {
        json.WriteStartObject("timings");
        json.WriteNumber("audio_seconds", Seconds(timings.Audio));
        json.WriteNumber("total_ms", Milliseconds(timings.Total));
        json.WriteNumber("encoding_ms", Milliseconds(timings.Encoding));
        json.WriteNumber("decoding_ms", Milliseconds(timings.Decoding));
        json.WriteNumber("time_to_first_token_ms", Milliseconds(timings.TimeToFirstToken));
        json.WriteNumber("text_tokens", timings.TextTokenCount);
        json.WriteNumber("real_time_factor", Rounded(timings.RealTimeFactor, 4));
        json.WriteEndObject();
    }

    private static void WriteProbability(Utf8JsonWriter json, double probability) =>
        json.WriteNumber("mean_token_probability", Rounded(probability, 4));

    private static double Seconds(TimeSpan time) => Rounded(time.TotalSeconds, 3);

    private static double Milliseconds(TimeSpan time) => Rounded(time.TotalMilliseconds, 1);

    private static double Rounded(double value, int digits) => Math.Round(value, digits, MidpointRounding.AwayFromZero);
}
