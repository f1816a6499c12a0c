using Steno.Hub;

namespace Steno.Tests.Hub;

/// <summary>A hub with one repository, and an empty store.</summary>
internal sealed class HubFixture : IAsyncDisposable
{
    public const string Repository = "owner/model";

    public const string Weights = "model.safetensors";

    private readonly TemporaryDirectory _directory = new();

    public HubFixture(int weightBytes = 300_000)
    {
        byte[] weights = new byte[weightBytes];
        new Random(weightBytes).NextBytes(weights);
        Files = Server.Add(Repository)
            .Add("config.json", "{\"model_type\":\"qwen3_asr\"}"u8.ToArray())
            .Add("vocab.json", "{}"u8.ToArray())
            .Add("README.md", "not needed"u8.ToArray())
            .Add(Weights, weights, isLarge: true);
        Settings = new HubSettings
        {
            Endpoint = Server.Endpoint,
            FirstBackoff = TimeSpan.FromMilliseconds(2),
            LongestBackoff = TimeSpan.FromMilliseconds(200),
        };
    }

    public HubServer Server { get; } = new();

    public HubRepository Files { get; }

    public HubSettings Settings { get; set; }

    public string StoreDirectory => _directory.PathOf("含 spaces", "store");

    public ModelStore Store => new(StoreDirectory, Settings);

    public string ModelDirectory => Path.Combine(StoreDirectory, "models", "owner--model");

    public string SnapshotDirectory => Path.Combine(ModelDirectory, Files.Commit);

    public List<PullProgress> Reports { get; } = [];

    public IEnumerable<HubRequest> WeightRequests => Server.Requests.Where(request => request.Target.StartsWith("/large/", StringComparison.Ordinal));

    public Task<InstalledModel> PullAsync(PullOptions? options = null, string name = Repository, CancellationToken cancellationToken = default) =>
        Store.PullAsync(name, options, new SynchronousProgress(Reports), cancellationToken);

    /// <summary>Lets a pull end early, with the first bytes of the weights on disk.</summary>
    public async Task PullPartOfWeightsAsync(int byteCount)
    {
        Server.Distort = (request, answer) => IsWeights(request) ? answer with { CutAfter = byteCount } : answer;
        await Assert.ThrowsAsync<HubException>(() => PullAsync(new PullOptions { RetryCount = 0 }));
        Server.Distort = (_, answer) => answer;
        Server.Requests.Clear();
        Reports.Clear();
    }

    public static bool IsWeights(HubRequest request) => request.Target.StartsWith("/large/", StringComparison.Ordinal);

    public string[] Parts() => Directory.Exists(ModelDirectory) ? Directory.GetFiles(ModelDirectory, "*.part", SearchOption.AllDirectories) : [];

    /// <summary>Asserts that the model is whole and each of its files is that of the hub.</summary>
    public void AssertWhole(params string[] paths)
    {
        Assert.True(Store.TryFind(Repository, out InstalledModel? model));
        Assert.Null(model.Problem);
        Assert.Equal(SnapshotDirectory, model.Directory);
        string[] expected = paths.Length == 0 ? ["config.json", Weights, "vocab.json"] : paths;
        string[] found = [.. Directory.GetFiles(model.Directory, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(model.Directory, path).Replace('\\', '/'))];
        Assert.Equal(expected.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
        Assert.All(expected, path => Assert.Equal(Files[path], File.ReadAllBytes(Path.Combine(model.Directory, path))));
    }

    /// <summary>Asserts that the model is not whole and the weights are not in their final place.</summary>
    public void AssertNotWhole()
    {
        Assert.False(Store.TryFind(Repository, out InstalledModel? model) && model.IsWhole);
        Assert.False(File.Exists(Path.Combine(SnapshotDirectory, Weights)));
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        _directory.Dispose();
    }

    private sealed class SynchronousProgress(List<PullProgress> reports) : IProgress<PullProgress>
    {
        public void Report(PullProgress value) => reports.Add(value);
    }
}
