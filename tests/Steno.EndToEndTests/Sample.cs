using System.Buffers.Binary;

namespace Steno.EndToEndTests;

/// <summary>A recording of samples/audio and what is said in it.</summary>
internal sealed record Sample(string Name)
{
    public static IEnumerable<string> Names { get; } =
    [
        "chinese-1", "chinese-2", "chinese-3", "english-1", "english-2", "english-3", "english-4", "english-5",
        "german-1", "german-2", "spanish-1", "spanish-2",
    ];

    public string Path => Repository.PathOf("samples", "audio", Name + ".wav");

    public string Text => File.ReadAllText(Repository.PathOf("samples", "audio", Name + ".txt")).TrimEnd('\n');

    public byte[] Wav => File.ReadAllBytes(Path);

    /// <summary>The samples alone, 16 bits each: what the data chunk of the recording holds.</summary>
    public byte[] Pcm
    {
        get
        {
            byte[] wav = Wav;
            int dataOffset = DataChunkOffset(wav);
            int size = BinaryPrimitives.ReadInt32LittleEndian(wav.AsSpan(dataOffset + 4));
            return wav.AsSpan(dataOffset + 8, size).ToArray();
        }
    }

    /// <summary>Where the chunk <c>data</c> begins.</summary>
    public static int DataChunkOffset(ReadOnlySpan<byte> wav) => wav.IndexOf("data"u8);
}
