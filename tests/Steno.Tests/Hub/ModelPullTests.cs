using System.Diagnostics;

namespace Steno.Tests.Hub;

public sealed class ModelPullTests
{
    [Fact]
    public async Task A_model_is_fetched_with_the_files_that_are_needed_and_no_others()
    {
        await using var hub = new HubFixture();

        InstalledModel model = await hub.PullAsync();

        hub.AssertWhole();
        Assert.Equal(hub.Files.Commit, model.Commit);
        Assert.Equal(ModelKind.SpeechToText, model.Kind);
        Assert.Equal(3, model.FileCount);
        Assert.Equal(hub.Files["config.json"].Length + hub.Files["vocab.json"].Length + hub.Files["model.safetensors"].Length, model.SizeBytes);
        Assert.All(hub.Server.Requests.Where(request => request.Target.Contains("/resolve/", StringComparison.Ordinal)), request =>
            Assert.Contains("/resolve/" + hub.Files.Commit + "/", request.Target, StringComparison.Ordinal));
        Assert.Equal(PullPhase.Done, hub.Reports[^1].Phase);
        Assert.Equal(hub.Reports[^1].BytesTotal, hub.Reports[^1].BytesDone);
    }

    [Fact]
    public async Task A_model_that_is_there_is_not_fetched_again()
    {
        await using var hub = new HubFixture();
        await hub.PullAsync();
        hub.Server.Requests.Clear();

        await hub.PullAsync();

        Assert.Equal(["/api/models/owner/model/revision/main"], hub.Server.Requests.Select(request => request.Target));
    }

    [Fact]
    public async Task A_new_commit_replaces_the_old_one_and_large_files_that_stay_are_not_fetched_again()
    {
        await using var hub = new HubFixture();
        await hub.PullAsync();
        string old = hub.SnapshotDirectory;
        hub.Files.Commit = new string('a', 40);
        hub.Files.Add("vocab.json", "{\"a\":1}"u8.ToArray());

        await hub.PullAsync();

        hub.AssertWhole();
        Assert.False(Directory.Exists(old));
        Assert.Single(hub.WeightRequests);
    }

    [Fact]
    public async Task A_large_file_that_was_damaged_on_disk_is_fetched_for_a_new_commit()
    {
        await using var hub = new HubFixture();
        InstalledModel model = await hub.PullAsync();
        using (FileStream weights = File.OpenWrite(Path.Combine(model.Directory, HubFixture.Weights))) weights.Write("damaged"u8);
        hub.Files.Commit = new string('a', 40);

        await hub.PullAsync();

        hub.AssertWhole();
        Assert.Equal([null, null], hub.WeightRequests.Select(request => request.Range));
    }

    [Fact]
    public async Task A_failed_update_leaves_the_old_model_whole()
    {
        await using var hub = new HubFixture();
        InstalledModel before = await hub.PullAsync();
        hub.Files.Commit = new string('a', 40);
        hub.Server.Intercept = request => request.Target.EndsWith("vocab.json", StringComparison.Ordinal) ? HubAnswer.Empty(500) : null;

        await Assert.ThrowsAsync<HubException>(() => hub.PullAsync(new PullOptions { RetryCount = 1 }));

        Assert.True(hub.Store.TryFind(HubFixture.Repository, out InstalledModel? after));
        Assert.Equal(before with { SizeBytes = after.SizeBytes }, after);
        Assert.True(after.IsWhole);
    }

    [Fact]
    public async Task A_file_asked_for_by_name_is_fetched_and_kept_by_later_pulls()
    {
        await using var hub = new HubFixture();
        hub.Files.Add("gguf/model-q8.gguf", [1, 2, 3], isLarge: true);

        await hub.PullAsync(new PullOptions { Files = ["gguf/model-q8.gguf"] });
        hub.AssertWhole("gguf/model-q8.gguf");

        await hub.PullAsync();
        hub.AssertWhole("config.json", "vocab.json", "model.safetensors", "gguf/model-q8.gguf");
    }

    [Fact]
    public async Task Sharded_weights_are_fetched_with_their_index()
    {
        await using var hub = new HubFixture();
        hub.Server.Add("owner/sharded")
            .Add("config.json", "{}"u8.ToArray())
            .Add("model.safetensors.index.json", "{}"u8.ToArray())
            .Add("model-00001-of-00002.safetensors", [1], isLarge: true)
            .Add("model-00002-of-00002.safetensors", [2], isLarge: true)
            .Add("model-x-of-y.safetensors", [3], isLarge: true);

        InstalledModel model = await hub.PullAsync(name: "owner/sharded");

        string[] names = [.. Directory.GetFiles(model.Directory).Select(Path.GetFileName).Order(StringComparer.Ordinal)!];
        Assert.Equal(["config.json", "model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors", "model.safetensors.index.json"], names);
    }

    // As a converter for MLX names them.
    [Fact]
    public async Task A_lone_weights_file_is_fetched_with_what_says_how_it_is_quantised()
    {
        await using var hub = new HubFixture();
        hub.Server.Add("owner/mlx")
            .Add("config.json", "{}"u8.ToArray())
            .Add("quantization_config.json", "{}"u8.ToArray())
            .Add("weights.safetensors", [1], isLarge: true)
            .Add("other.safetensors", [2], isLarge: true);

        InstalledModel model = await hub.PullAsync(name: "owner/mlx");

        string[] names = [.. Directory.GetFiles(model.Directory).Select(Path.GetFileName).Order(StringComparer.Ordinal)!];
        Assert.Equal(["config.json", "quantization_config.json", "weights.safetensors"], names);
    }

    [Fact]
    public async Task A_revision_is_another_model()
    {
        await using var hub = new HubFixture();

        InstalledModel model = await hub.PullAsync(name: HubFixture.Repository + "@refs/pr/7");

        Assert.Contains(hub.Server.Requests, request => request.Target == "/api/models/owner/model/revision/refs%2Fpr%2F7");
        Assert.Equal("owner/model@refs/pr/7", model.Name);
        Assert.Equal(model, Assert.Single(hub.Store.List()));
        Assert.False(hub.Store.TryFind(HubFixture.Repository, out _));
    }

    [Fact]
    public async Task Nothing_is_fetched_offline()
    {
        await using var hub = new HubFixture();
        hub.Settings = hub.Settings with { IsOffline = true };

        HubException fault = await Assert.ThrowsAsync<HubException>(() => hub.PullAsync());
        Assert.Contains("HF_HUB_OFFLINE", fault.Message, StringComparison.Ordinal);

        hub.Settings = hub.Settings with { IsOffline = false };
        await hub.PullAsync();
        hub.Settings = hub.Settings with { IsOffline = true };
        hub.Server.Requests.Clear();
        await hub.PullAsync();
        Assert.Empty(hub.Server.Requests);
    }

    [Fact]
    public async Task A_full_disk_is_told_before_anything_is_fetched()
    {
        await using var hub = new HubFixture();
        hub.Settings = hub.Settings with { FreeBytes = _ => 16 * 1024 * 1024 + 1000 };

        IOException fault = await Assert.ThrowsAsync<IOException>(() => hub.PullAsync());

        Assert.Contains("make room", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(hub.Server.Requests, request => request.Target.Contains("/resolve/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_second_pull_waits_for_the_first_and_fetches_nothing_twice()
    {
        await using var hub = new HubFixture();
        hub.Server.Distort = (_, answer) => answer with { PieceBytes = 50_000, PieceDelay = TimeSpan.FromMilliseconds(50) };
        List<PullProgress> secondReports = [];

        Task<InstalledModel> first = hub.PullAsync();
        while (!hub.WeightRequests.Any()) await Task.Delay(5);
        InstalledModel second = await hub.Store.PullAsync(HubFixture.Repository, null, new Collector(secondReports));

        Assert.Equal(await first, second);
        Assert.Single(hub.WeightRequests);
        Assert.Equal(PullPhase.Waiting, secondReports[0].Phase);
    }

    [Fact]
    public async Task A_model_is_not_removed_while_it_is_pulled()
    {
        await using var hub = new HubFixture();
        hub.Server.Distort = (_, answer) => answer with { PieceBytes = 50_000, PieceDelay = TimeSpan.FromMilliseconds(50) };
        Task<InstalledModel> pull = hub.PullAsync();
        while (!hub.WeightRequests.Any()) await Task.Delay(5);

        Assert.Throws<IOException>(() => hub.Store.Remove(HubFixture.Repository));

        await pull;
        Assert.True(hub.Store.Remove(HubFixture.Repository));
        Assert.False(hub.Store.Remove(HubFixture.Repository));
        Assert.Empty(hub.Store.List());
    }

    [Fact]
    public async Task Cancellation_ends_a_pull_at_once_and_keeps_what_was_fetched()
    {
        await using var hub = new HubFixture();
        hub.Server.Distort = (request, answer) => HubFixture.IsWeights(request) ? answer with { StallAfter = 100_000 } : answer;
        using var cancellation = new CancellationTokenSource();
        Task<InstalledModel> pull = hub.PullAsync(cancellationToken: cancellation.Token);
        while (!hub.Parts().Any(part => new FileInfo(part).Length == 100_000)) await Task.Delay(5);

        var watch = Stopwatch.StartNew();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pull);

        // Promised are 100 ms; the rest is for a machine that is busy with other tests.
        Assert.True(watch.ElapsedMilliseconds < 400, $"it took {watch.ElapsedMilliseconds} ms");
        hub.AssertNotWhole();
        hub.Server.Distort = (_, answer) => answer;
        await hub.PullAsync();
        hub.AssertWhole();
        Assert.Equal("bytes=100000-", hub.WeightRequests.Last().Range);
    }

    [Fact]
    public async Task A_file_that_is_lost_makes_the_model_not_whole_and_is_fetched_again()
    {
        await using var hub = new HubFixture();
        InstalledModel model = await hub.PullAsync();
        File.Delete(Path.Combine(model.Directory, "vocab.json"));
        using (FileStream weights = File.OpenWrite(Path.Combine(model.Directory, HubFixture.Weights))) weights.SetLength(10);

        Assert.True(hub.Store.TryFind(HubFixture.Repository, out InstalledModel? broken));
        Assert.False(broken.IsWhole);
        await hub.PullAsync();

        hub.AssertWhole();
    }

    private sealed class Collector(List<PullProgress> reports) : IProgress<PullProgress>
    {
        public void Report(PullProgress value) => reports.Add(value);
    }
}
