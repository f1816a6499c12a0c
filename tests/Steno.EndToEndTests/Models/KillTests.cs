using System.Globalization;
using System.Text.Json;

namespace Steno.EndToEndTests.Models;

/// <summary>Pulls that are killed at random moments. STENO_KILL_COUNT says how many; 20 without it.</summary>
public sealed class KillTests(ITestOutputHelper output)
{
    private const int WeightBytes = 6_000_000;

    [Fact]
    public async Task Killed_pulls_leave_nothing_wrong_and_are_gone_on_from()
    {
        int killCount = int.Parse(Environment.GetEnvironmentVariable("STENO_KILL_COUNT") ?? "20", CultureInfo.InvariantCulture);
        await using var hub = new PullFixture();
        AddShards(hub.Files);
        hub.Server.Distort = (_, answer) => answer with { PieceBytes = 100_000, PieceDelay = TimeSpan.FromMilliseconds(3) };
        var random = new Random(4);
        int pullCount = 0, keptCount = 0, wholeCount = 0;
        for (int kill = 0; kill < killCount; kill++)
        {
            await KillPullAsync(hub, random);
            if (HasParts(hub)) keptCount++;
            AssertNothingWrong(hub);
            if (!File.Exists(Path.Combine(hub.ModelDirectory, "manifest.json"))) continue;

            // It ended before the kill: the next one begins anew.
            wholeCount++;
            (await hub.RunAsync("models", "remove", PullFixture.Repository)).AssertSuccess();
            if (++pullCount % 2 == 0) hub.Files.Commit = HubRepository.GitBlobId(BitConverter.GetBytes(pullCount));
        }

        (await hub.RunAsync("pull", PullFixture.Repository)).AssertSuccess();
        AssertNothingWrong(hub);
        Assert.True(File.Exists(Path.Combine(hub.ModelDirectory, "manifest.json")));
        Assert.Empty(Directory.GetFiles(hub.ModelDirectory, "*.part", SearchOption.AllDirectories));
        output.WriteLine($"{killCount} kills: {keptCount} left unfinished files, {wholeCount} came after the end of a pull");
        Assert.True(keptCount > 0, "no kill came while files were fetched");
    }

    /// <summary>One kill in ten comes while the process starts, the others after its first request.</summary>
    private static async Task KillPullAsync(PullFixture hub, Random random)
    {
        hub.Server.Requests.Clear();
        bool isEarly = random.Next(10) == 0;
        using StenoProcess process = hub.Start("pull", PullFixture.Repository);
        while (!isEarly && hub.Server.Requests.IsEmpty) await Task.Delay(1, TestContext.Current.CancellationToken);
        await Task.Delay(random.Next(0, 800), TestContext.Current.CancellationToken);
        process.Kill();
        await process.WaitAsync();
    }

    /// <summary>Two shards of random bytes in place of the small weights, so that a pull takes about half a second.</summary>
    private static void AddShards(HubRepository files)
    {
        var random = new Random(5);
        for (int shard = 1; shard <= 2; shard++)
        {
            byte[] content = new byte[WeightBytes];
            random.NextBytes(content);
            files.Remove("model.safetensors").Add($"model-0000{shard}-of-00002.safetensors", content, isLarge: true);
        }
    }

    private static bool HasParts(PullFixture hub) =>
        Directory.Exists(hub.ModelDirectory) && Directory.GetFiles(hub.ModelDirectory, "*.part", SearchOption.AllDirectories).Length > 0;

    /// <summary>Every file in its final place is right, and a manifest means that all of them are there.</summary>
    private static void AssertNothingWrong(PullFixture hub)
    {
        if (!Directory.Exists(hub.SnapshotDirectory)) return;
        foreach (string path in Directory.GetFiles(hub.SnapshotDirectory, "*", SearchOption.AllDirectories).Where(path => !path.EndsWith(".part", StringComparison.Ordinal)))
            Assert.Equal(HubRepository.Sha256(hub.Files[Path.GetFileName(path)]), HubRepository.Sha256(File.ReadAllBytes(path)));

        string manifest = Path.Combine(hub.ModelDirectory, "manifest.json");
        if (!File.Exists(manifest)) return;
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(manifest));
        string[] listed = [.. document.RootElement.GetProperty("files").EnumerateArray().Select(file => file.GetProperty("path").GetString()!)];
        Assert.Equal(hub.Files.Paths.Where(path => path != "README.md").Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
        Assert.All(listed, path => Assert.True(File.Exists(Path.Combine(hub.SnapshotDirectory, path)), path + " is not there"));
    }
}
