using System.Buffers.Binary;
using System.Text.Json;

namespace Steno.Tests.Support;

/// <summary>One recorded sentence of <c>data/tiny-long</c>.</summary>
internal sealed class TalkRecording
{
    private const int Rate = 16_000;

    private readonly string _path;
    private short[]? _samples;

    public TalkRecording(string folder, JsonElement entry)
    {
        _path = Path.Combine(folder, entry.GetProperty("audio").GetString()!);
        Text = entry.GetProperty("text").GetString()!;
        Language = entry.GetProperty("language").GetString()!;
        Voice = entry.GetProperty("voice").GetString()!;
        IsKnownVoice = entry.GetProperty("known_voice").GetBoolean();
        Words = [.. entry.GetProperty("words").EnumerateArray().Select(word => (word.GetProperty("word").GetString()!, SampleOf(word, "start"), SampleOf(word, "end")))];
    }

    public string Text { get; }

    public string Language { get; }

    public string Voice { get; }

    public bool IsKnownVoice { get; }

    /// <summary>Words, with their samples from the start of the recording.</summary>
    public IReadOnlyList<(string Word, long Start, long End)> Words { get; }

    /// <summary>16-bit samples, 16 kHz.</summary>
    public short[] Samples => _samples ??= Read(_path);

    /// <summary>Mean square of the words' samples.</summary>
    public double WordPower()
    {
        double sum = 0;
        long count = 0;
        foreach ((_, long start, long end) in Words)
        {
            foreach (short sample in Samples.AsSpan((int)start, (int)(Math.Min(end, Samples.Length) - start)))
            {
                sum += sample / 32768.0 * (sample / 32768.0);
                count++;
            }
        }

        return sum / count;
    }

    private static long SampleOf(JsonElement word, string property) => (long)Math.Round(word.GetProperty(property).GetDouble() * Rate);

    // RIFF with chunks of an even length; the data are 16 bits, 16 kHz, one channel, as data/README.md says.
    private static short[] Read(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        for (int at = 12; at + 8 <= bytes.Length;)
        {
            int length = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at + 4));
            if (bytes.AsSpan(at, 4).SequenceEqual("data"u8))
            {
                short[] samples = new short[length / 2];
                for (int i = 0; i < samples.Length; i++) samples[i] = BinaryPrimitives.ReadInt16LittleEndian(bytes.AsSpan(at + 8 + (2 * i)));
                return samples;
            }

            at += 8 + length + (length & 1);
        }

        throw new InvalidDataException($"{path} has no data chunk.");
    }
}
