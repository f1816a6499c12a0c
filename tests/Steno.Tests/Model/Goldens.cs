namespace Steno.Tests.Model;

/// <summary>Where the reference runs lie: some in the project, all of them in ../shared.</summary>
internal static class Goldens
{
    public static GoldenFile Load(string checkpoint, string clip) => GoldenFile.Load(Find("golden", checkpoint, clip + ".safetensors"));

    public static string AudioPath(string checkpoint, GoldenFile golden) => Find("golden", checkpoint, golden.Metadata("audio"));

    public static string CheckpointPath(string checkpoint) =>
        checkpoint == "tiny-asr" ? Repository.PathOf("models", checkpoint) : Find("models", checkpoint);

    private static string Find(params string[] parts)
    {
        string local = Repository.PathOf(["tests", "data", .. parts]);
        return File.Exists(local) || Directory.Exists(local) ? local : Repository.RequireShared(parts);
    }
}
