using Steno.Audio;

namespace Steno.Tests;

/// <summary>The bundled recordings with their exact texts.</summary>
internal static class Samples
{
    public static string Directory => Repository.PathOf("samples", "audio");

    public static IEnumerable<string> Names =>
        System.IO.Directory.GetFiles(Directory, "*.wav").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal);

    public static string AudioPath(string name) => Path.Combine(Directory, name + ".wav");

    public static string Text(string name) => File.ReadAllText(Path.Combine(Directory, name + ".txt")).Trim();

    /// <summary>All samples of a recording at 16 kHz.</summary>
    public static float[] Read(string path)
    {
        var samples = new List<float>();
        using SampleReader reader = AudioInput.OpenFileAsync(path, AudioEncoding.Auto, CancellationToken.None).AsTask().GetAwaiter().GetResult();
        float[] block = new float[4096];
        while (reader.ReadAsync(block, CancellationToken.None).AsTask().GetAwaiter().GetResult() is > 0 and int count)
            samples.AddRange(block.AsSpan(0, count));
        return [.. samples];
    }
}
