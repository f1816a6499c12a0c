using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Steno.Cli.Output;

/// <summary>What <c>steno vad</c> says: a line for each span as it comes, or one JSON object at the end.</summary>
/// <param name="format">How.</param>
/// <param name="name">The recording as the command line names it.</param>
/// <param name="method">How speech was found.</param>
/// <param name="write">Receives the bytes.</param>
internal sealed class SpeechReport(SpeechFormat format, string name, VoiceActivityMethod method, SpeechReport.Writer write)
{
    // Kept for JSON alone, where a span of 12 hours of audio is 16 bytes.
    private readonly List<SpeechSpan> _spans = [];

    /// <summary>Receives bytes of the report.</summary>
    internal delegate void Writer(ReadOnlySpan<byte> bytes);

    public int SpanCount { get; private set; }

    public void Add(SpeechSpan span)
    {
        SpanCount++;
        if (format == SpeechFormat.Json) _spans.Add(span);
        else if (format == SpeechFormat.Text) WriteLine($"{Seconds(span.Start)}\t{Seconds(span.End)}");

        // Type, file, channel, onset, duration, orthography, subtype, speaker, confidence, look-ahead (NIST RT-09).
        else WriteLine($"SPEAKER {FileId()} 1 {Seconds(span.Start)} {Seconds(span.End, span.Start)} <NA> <NA> speech <NA> <NA>");
    }

    public void Complete(TimeSpan duration)
    {
        if (format != SpeechFormat.Json) return;
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, TranscriptJsonWriter.Options))
        {
            json.WriteStartObject();
            json.WriteString("file", name);
            json.WriteString("vad", method == VoiceActivityMethod.Silero ? "silero" : "energy");
            WriteSeconds(json, "duration", duration);
            WriteSeconds(json, "speech", TimeSpan.FromTicks(_spans.Sum(span => span.Duration.Ticks)));
            json.WriteStartArray("spans");
            foreach (SpeechSpan span in _spans)
            {
                json.WriteStartObject();
                WriteSeconds(json, "start", span.Start);
                WriteSeconds(json, "end", span.End);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        write([.. buffer.WrittenSpan, (byte)'\n']);
    }

    // Fields have spaces between them.
    private string FileId() => string.Concat(Path.GetFileNameWithoutExtension(name).Select(letter => char.IsWhiteSpace(letter) || char.IsControl(letter) ? '_' : letter));

    private void WriteLine(string line) => write(Encoding.UTF8.GetBytes(line + "\n"));

    private static string Seconds(TimeSpan time) => Rounded(time).ToString("F3", CultureInfo.InvariantCulture);

    // Of rounded times, so that start and duration add up to the end.
    private static string Seconds(TimeSpan end, TimeSpan start) => (Rounded(end) - Rounded(start)).ToString("F3", CultureInfo.InvariantCulture);

    private static decimal Rounded(TimeSpan time) => decimal.Round((decimal)time.Ticks / TimeSpan.TicksPerSecond, 3);

    private static void WriteSeconds(Utf8JsonWriter json, string property, TimeSpan time) => json.WriteNumber(property, Rounded(time));
}
