namespace Steno.Tests.Packagings;

/// <summary>Files that the programs' own converters wrote from one checkpoint, recordings, and what that checkpoint writes for them.</summary>
internal static class SharedPackagings
{
    /// <summary>The checkpoint; skips the calling test where there is none.</summary>
    public static string Original => Repository.RequireShared("models", "tiny-asr");

    /// <summary>A file; skips the calling test where there is none.</summary>
    public static string PathOf(string name) => Repository.RequireShared(["data", "packagings", .. name.Split('/')]);

    /// <summary>Names of the recordings.</summary>
    public static string[] Recordings =>
        [.. Directory.GetFiles(Repository.RequireShared("data", "samples"), "*.wav").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)];

    /// <summary>What a model writes for each recording.</summary>
    public static async Task<Dictionary<string, string>> TextsOf(string path)
    {
        using AsrModel model = AsrModel.Load(path);
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string name in Recordings)
            texts[name] = (await model.TranscribeAsync(Path.Combine(Repository.RequireShared("data", "samples"), name + ".wav"), cancellationToken: TestContext.Current.CancellationToken)).Text;
        return texts;
    }
}
