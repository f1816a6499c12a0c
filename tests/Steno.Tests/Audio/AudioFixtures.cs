using System.Runtime.InteropServices;
using Steno.Audio;

namespace Steno.Tests.Audio;

/// <summary>Files, streams and helpers that the audio tests share.</summary>
internal static class AudioFixtures
{
    public static string PathOf(params string[] parts) => Repository.PathOf(["tests", "data", "audio", .. parts]);

    public static byte[] Bytes(params string[] parts) => File.ReadAllBytes(PathOf(parts));

    /// <summary>Raw 32-bit floats of another program.</summary>
    public static float[] Floats(params string[] parts) => MemoryMarshal.Cast<byte, float>(Bytes(parts)).ToArray();

    public static async Task<float[]> ReadAllAsync(SampleReader reader, int blockLength = 1000)
    {
        var samples = new List<float>();
        float[] block = new float[blockLength];
        int count;
        while ((count = await reader.ReadAsync(block, CancellationToken.None)) > 0)
            samples.AddRange(block.AsSpan(0, count));
        return [.. samples];
    }

    /// <summary>Samples at the file's own rate.</summary>
    public static async Task<float[]> ReadWavAsync(Stream stream)
    {
        using WavReader reader = await WavReader.OpenAsync(new ByteSource(stream, leaveOpen: false), CancellationToken.None);
        return await ReadAllAsync(reader);
    }

    public static Task<float[]> ReadWavAsync(byte[] file) => ReadWavAsync(new MemoryStream(file));

    public static float[] ReadWav(string path) => ReadWavAsync(File.OpenRead(path)).GetAwaiter().GetResult();

    public static float[] Noise(int count, int seed)
    {
        var random = new Random(seed);
        float[] samples = new float[count];
        foreach (ref float sample in samples.AsSpan())
            sample = (random.NextSingle() * 2) - 1;
        return samples;
    }
}
