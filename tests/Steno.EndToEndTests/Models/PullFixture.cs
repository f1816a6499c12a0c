namespace Steno.EndToEndTests.Models;

/// <summary>A hub with the built-in model as a repository, and a store in a folder with spaces and Chinese characters.</summary>
internal sealed class PullFixture : IAsyncDisposable
{
    public const string Repository = "owner/tiny-asr";

    private readonly TemporaryDirectory _directory = new();

    public PullFixture() => Files = Server.Add(Repository).AddDirectory(CheckpointDirectory);

    public HubServer Server { get; } = new();

    public HubRepository Files { get; }

    public string Home => _directory.PathOf("my 模型 store");

    public string ModelDirectory => Path.Combine(Home, "models", "owner--tiny-asr");

    public string SnapshotDirectory => Path.Combine(ModelDirectory, Files.Commit);

    public IReadOnlyList<(string Name, string? Value)> Environment => [("STENO_HOME", Home), ("HF_ENDPOINT", Server.Endpoint.AbsoluteUri)];

    private static string CheckpointDirectory => Steno.Tests.Support.Repository.PathOf("models", "tiny-asr");

    public Task<StenoResult> RunAsync(params string[] arguments) => StenoProcess.RunWithEnvironmentAsync(Environment, arguments);

    public StenoProcess Start(params string[] arguments) => StenoProcess.Start(arguments, environment: Environment);

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        _directory.Dispose();
    }
}
