using System.Text;

namespace Steno.Tests.Hub;

public sealed class ListingTests
{
    private const string Oid = "\"oid\":\"0123456789abcdef0123456789abcdef01234567\"";

    public static TheoryData<string> BadTrees => new(
        "",
        "{}",
        "null",
        "[1]",
        "[[]]",
        "not json",
        "[{\"type\":\"file\"}]",
        $"[{{\"type\":\"file\",\"path\":\"config.json\",{Oid}}}]",
        $"[{{\"type\":\"file\",\"path\":\"config.json\",\"size\":-1,{Oid}}}]",
        $"[{{\"type\":\"file\",\"path\":\"config.json\",\"size\":99999999999999999999,{Oid}}}]",
        $"[{{\"type\":\"file\",\"path\":\"config.json\",\"size\":1.5,{Oid}}}]",
        "[{\"type\":\"file\",\"path\":\"config.json\",\"size\":1}]",
        "[{\"type\":\"file\",\"path\":\"config.json\",\"size\":1,\"oid\":\"../../../../etc/passwd\"}]",
        $"[{{\"type\":\"file\",\"path\":\"model.safetensors\",\"size\":1,{Oid},\"lfs\":{{\"size\":1}}}}]",
        $"[{{\"type\":\"file\",\"path\":\"model.safetensors\",\"size\":1,{Oid},\"lfs\":1}}]",
        $"[{{\"type\":\"file\",\"path\":\"model.safetensors\",\"size\":1,{Oid},\"lfs\":{{\"size\":2,\"oid\":\"{new string('a', 64)}\"}}}}]",
        $"[{{\"type\":\"file\",\"path\":\"\\ud800\",\"size\":1,{Oid}}}]",
        new string('[', 100_000),
        "[" + string.Join(',', Enumerable.Repeat("{}", 100_001)) + "]");

    [Theory]
    [MemberData(nameof(BadTrees))]
    public async Task A_broken_list_is_refused(string tree)
    {
        await using var hub = new HubFixture();
        hub.Server.Intercept = request => request.Target.Contains("/tree/", StringComparison.Ordinal) ? HubAnswer.Json(tree) : null;

        await Assert.ThrowsAsync<HubException>(() => hub.PullAsync());

        Assert.DoesNotContain(hub.Server.Requests, request => request.Target.Contains("/resolve/", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("{\"sha\":\"../../x\"}")]
    [InlineData("{\"sha\":\"main\"}")]
    [InlineData("{\"sha\":1}")]
    public async Task A_broken_commit_is_refused(string answer)
    {
        await using var hub = new HubFixture();
        hub.Server.Intercept = request => request.Target.Contains("/revision/", StringComparison.Ordinal) ? HubAnswer.Json(answer) : null;

        await Assert.ThrowsAsync<HubException>(() => hub.PullAsync());
    }

    [Fact]
    public async Task A_list_of_many_megabytes_is_refused_without_reading_it_all()
    {
        await using var hub = new HubFixture();
        hub.Server.Intercept = request => request.Target.Contains("/tree/", StringComparison.Ordinal)
            ? new HubAnswer(200, new byte[64 * 1024 * 1024]) { IsChunked = true }
            : null;

        HubException fault = await Assert.ThrowsAsync<HubException>(() => hub.PullAsync());

        Assert.Contains("longer than 16.8 MB", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_pages_of_a_long_list_are_joined()
    {
        await using var hub = new HubFixture();
        string[] entries = [.. hub.Files.Paths.Select(path => hub.Files.Find(path)!.EntryJson(path))];
        hub.Server.Intercept = request =>
        {
            if (!request.Target.Contains("/tree/", StringComparison.Ordinal)) return null;
            int page = request.Target.Contains("cursor=", StringComparison.Ordinal) ? int.Parse(request.Target.Split("cursor=")[1], null) : 0;
            HubAnswer answer = HubAnswer.Json($"[{entries[page]}]");
            string next = $"{hub.Server.Endpoint}api/models/owner/model/tree/x?cursor={page + 1}";
            return page + 1 < entries.Length ? answer.With("Link", $"<{next}>; rel=\"next\"") : answer;
        };

        await hub.PullAsync();

        hub.AssertWhole();
    }

    [Fact]
    public async Task Pages_without_end_and_pages_elsewhere_are_refused()
    {
        await using var hub = new HubFixture();
        string next = $"{hub.Server.Endpoint}api/models/owner/model/tree/x";
        hub.Server.Intercept = request => request.Target.Contains("/tree/", StringComparison.Ordinal)
            ? HubAnswer.Json("[]").With("Link", $"<{next}>; rel=\"next\"")
            : null;

        await Assert.ThrowsAsync<HubException>(() => hub.PullAsync());
        Assert.True(hub.Server.Requests.Count <= 101, $"{hub.Server.Requests.Count} requests");

        next = hub.Server.LargeFileHost + "tree/";
        HubException fault = await Assert.ThrowsAsync<HubException>(() => hub.PullAsync());
        Assert.Contains("another server", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_that_lead_out_of_the_folder_are_never_written()
    {
        await using var hub = new HubFixture();
        foreach (string path in new[] { "../evil.json", "/etc/evil", "model-1-of-/../../2.safetensors", "a\\..\\b", "CON", "x/../config.json", "C:evil" })
            hub.Files.Add(path, Encoding.UTF8.GetBytes("evil"));

        await hub.PullAsync();

        hub.AssertWhole();
        Assert.Equal(["locks", "models"], Directory.GetFileSystemEntries(hub.StoreDirectory).Select(Path.GetFileName).Order(StringComparer.Ordinal)!);
        foreach (string path in new[] { "../evil.json", "/etc/evil", "x/../config.json", "a\\..\\b", "CON", "a/nul.txt", "C:evil", "", "a//b", "a.part", "a. ", ".." })
            await Assert.ThrowsAsync<ArgumentException>(() => hub.PullAsync(new PullOptions { Files = [path] }));
    }

    [Fact]
    public async Task A_repository_without_weights_says_what_it_has()
    {
        await using var hub = new HubFixture();
        hub.Server.Add("owner/gguf").Add("model-q8.gguf", [1], isLarge: true).Add("README.md", [2]);

        HubException fault = await Assert.ThrowsAsync<HubException>(() => hub.PullAsync(name: "owner/gguf"));

        Assert.Contains("--file NAME): model-q8.gguf, README.md", fault.Message, StringComparison.Ordinal);
        fault = await Assert.ThrowsAsync<HubException>(() => hub.PullAsync(new PullOptions { Files = ["q4.gguf"] }, "owner/gguf"));
        Assert.Contains("there is no file 'q4.gguf'", fault.Message, StringComparison.Ordinal);
    }
}
