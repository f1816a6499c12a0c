using System.Text.Json;

namespace Steno.Tests.Support;

/// <summary>Puts talks of any length together from the sentences of <c>data/tiny-long</c>.</summary>
/// <remarks>
/// A talk is a chain of stretches of 20 to 90 seconds. In a stretch one voice says its sentences, all in one language, in a random order and again when there
/// are no more. Pauses are 0.1 to 1.2 s, one in twelve 2 to 6 s; between stretches 0.8 to 3 s, or 5 to 12 s of which most is music where that is wanted.
/// </remarks>
internal sealed class TalkComposer
{
    private const int Rate = 16_000;

    private readonly IReadOnlyList<TalkRecording> _recordings;

    /// <summary>Reads the manifest.</summary>
    /// <param name="folder">The folder <c>tiny-long</c>.</param>
    public TalkComposer(string folder)
    {
        var recordings = new List<TalkRecording>();
        foreach (string line in File.ReadLines(Path.Combine(folder, "manifest.jsonl")))
        {
            using JsonDocument entry = JsonDocument.Parse(line);
            if (!entry.RootElement.TryGetProperty("sentences", out _)) recordings.Add(new TalkRecording(folder, entry.RootElement));
        }

        _recordings = recordings;
    }

    /// <summary>Composes a talk.</summary>
    public Talk Compose(TalkOptions options)
    {
        var random = new Random(options.Seed);
        List<List<TalkRecording>> stretches = [.. _recordings
            .Where(recording => (!options.IsKnownOnly || recording.IsKnownVoice) && (options.Language is null || recording.Language == options.Language))
            .GroupBy(recording => (recording.Voice, recording.Language))
            .Select(group => group.ToList())];
        if (stretches.Count == 0) throw new ArgumentException("No recording is as the options want it.", nameof(options));

        var sentences = new List<TalkSentence>();
        var parts = new List<(TalkRecording, long)>();
        var music = new List<TalkMusic>();
        long length = (long)(options.Length.TotalSeconds * Rate);
        long position = Between(random, 0.3, 2);
        for (int stretch = 0; position < length; stretch++)
        {
            List<TalkRecording> voice = stretches[random.Next(stretches.Count)];
            long end = Math.Min(length, position + Between(random, 20, 90));
            while (position < end)
            {
                foreach (TalkRecording recording in voice.OrderBy(_ => random.Next()).ToList())
                {
                    if (position >= end) break;
                    parts.Add((recording, position));
                    sentences.Add(SentenceOf(recording, stretch, position));
                    position += recording.Samples.Length + (random.Next(12) == 0 ? Between(random, 2, 6) : Between(random, 0.1, 1.2));
                }
            }

            position += Break(random, options.HasMusic, position, music);
        }

        return new Talk(options, sentences, parts, music, position);
    }

    private static TalkSentence SentenceOf(TalkRecording recording, int stretch, long position) => new(
        recording.Text,
        recording.Language,
        recording.Voice,
        stretch,
        position,
        position + recording.Samples.Length,
        [.. recording.Words.Select(word => (word.Word, position + word.Start, position + word.End))]);

    private static long Break(Random random, bool hasMusic, long position, List<TalkMusic> music)
    {
        if (!hasMusic) return Between(random, 0.8, 3);
        long length = Between(random, 5, 12);
        music.Add(new TalkMusic(position + (Rate / 2), position + length - (Rate / 2), random.Next(12)));
        return length;
    }

    private static long Between(Random random, double lowest, double highest) => (long)((lowest + ((highest - lowest) * random.NextDouble())) * Rate);
}
