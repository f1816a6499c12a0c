using System.Buffers.Binary;

namespace Steno.Tests.Support;

/// <summary>A composed talk: its truth, and its samples as often as they are asked for.</summary>
internal sealed class Talk
{
    private const int Rate = 16_000;
    private const int BlockLength = Rate;

    // Pauses between two words of a sentence that are no silence to anybody.
    private const long JoinedGap = 3 * Rate / 10;

    private readonly IReadOnlyList<(TalkRecording Recording, long Start)> _parts;
    private readonly IReadOnlyList<TalkMusic> _music;
    private readonly TalkOptions _options;
    private readonly double _speechLevel;

    public Talk(TalkOptions options, IReadOnlyList<TalkSentence> sentences, IReadOnlyList<(TalkRecording Recording, long Start)> parts, IReadOnlyList<TalkMusic> music, long sampleCount)
    {
        _options = options;
        _parts = parts;
        _music = music;
        _speechLevel = Math.Sqrt(parts.Average(part => part.Recording.WordPower()));
        Sentences = sentences;
        SampleCount = sampleCount;
    }

    public IReadOnlyList<TalkSentence> Sentences { get; }

    public long SampleCount { get; }

    /// <summary>Where somebody speaks: the words, and short pauses between them.</summary>
    public IReadOnlyList<(long Start, long End)> Speech()
    {
        var spans = new List<(long Start, long End)>();
        foreach ((_, long start, long end) in Sentences.SelectMany(sentence => sentence.Words))
        {
            if (spans.Count > 0 && start - spans[^1].End <= JoinedGap) spans[^1] = (spans[^1].Start, Math.Max(end, spans[^1].End));
            else spans.Add((start, end));
        }

        return spans;
    }

    /// <summary>The samples, a second at a time: 16 kHz, within [-1, 1]. Memory does not grow with the talk.</summary>
    public IEnumerable<float[]> Blocks()
    {
        var noise = new Random(_options.Seed);
        double noiseLevel = _options.NoiseBelow is { } below ? _speechLevel * Math.Pow(10, -below / 20) : 0;
        double last = 0;
        int next = 0;
        for (long position = 0; position < SampleCount; position += BlockLength)
        {
            float[] block = new float[(int)Math.Min(BlockLength, SampleCount - position)];
            while (next < _parts.Count && _parts[next].Start + _parts[next].Recording.Samples.Length <= position) next++;
            for (int part = next; part < _parts.Count && _parts[part].Start < position + block.Length; part++) Add(_parts[part], position, block);
            foreach (TalkMusic music in _music) music.AddTo(block, position, _speechLevel);
            if (noiseLevel > 0) last = AddNoise(block, noise, noiseLevel, last);
            for (int i = 0; i < block.Length; i++) block[i] = Math.Clamp(block[i], -1, 1);
            yield return block;
        }
    }

    /// <summary>All samples at once.</summary>
    public float[] ReadAll() => [.. Blocks().SelectMany(block => block)];

    /// <summary>Writes a WAV file of 16 bits.</summary>
    public void Write(string path)
    {
        using FileStream file = File.Create(path);
        byte[] header = new byte[44];
        "RIFF"u8.CopyTo(header);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(4), (uint)(36 + (2 * SampleCount)));
        "WAVEfmt "u8.CopyTo(header.AsSpan(8));
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(16), 16);
        BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(20), 1);
        BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(22), 1);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(24), Rate);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(28), 2 * Rate);
        BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(32), 2);
        BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(34), 16);
        "data"u8.CopyTo(header.AsSpan(36));
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(40), (uint)(2 * SampleCount));
        file.Write(header);
        byte[] bytes = new byte[2 * BlockLength];
        foreach (float[] block in Blocks())
        {
            for (int i = 0; i < block.Length; i++) BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(2 * i), (short)Math.Clamp(Math.Round(block[i] * 32768), short.MinValue, short.MaxValue));
            file.Write(bytes, 0, 2 * block.Length);
        }
    }

    private static void Add((TalkRecording Recording, long Start) part, long position, float[] block)
    {
        short[] samples = part.Recording.Samples;
        for (long at = Math.Max(position, part.Start); at < Math.Min(position + block.Length, part.Start + samples.Length); at++)
            block[at - position] += samples[at - part.Start] / 32768f;
    }

    // Like a room: white noise through a low-pass of one pole, y = 0.7 y + x, whose power is 1 / (1 - 0.49) that of x.
    private static double AddNoise(float[] block, Random random, double level, double last)
    {
        double scale = level * Math.Sqrt(1 - 0.49);
        for (int i = 0; i < block.Length; i++)
        {
            double white = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            last = (0.7 * last) + (scale * white);
            block[i] += (float)last;
        }

        return last;
    }
}
