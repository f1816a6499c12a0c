using System.Diagnostics;
using System.IO.Compression;

namespace Steno.Tests.Hub;

public sealed class BadServerTests
{
    [Fact]
    public async Task A_cut_connection_is_made_anew_from_where_it_ended()
    {
        await using var hub = new HubFixture();
        hub.Server.Distort = (request, answer) => HubFixture.IsWeights(request) && request.Number <= 3 ? answer with { CutAfter = 70_000 } : answer;

        await hub.PullAsync();

        hub.AssertWhole();
        Assert.Equal([null, "bytes=70000-", "bytes=140000-", "bytes=210000-"], hub.WeightRequests.Select(request => request.Range));
        Assert.All(hub.WeightRequests.Skip(1), request => Assert.Equal($"\"{HubRepository.Sha256(hub.Files[HubFixture.Weights])[..32]}\"", request.Headers["if-range"]));
        Assert.Equal(3, hub.Reports.Count(report => report.Phase == PullPhase.Retrying));
    }

    [Fact]
    public async Task A_connection_that_is_always_cut_is_given_up_and_gone_on_from_later()
    {
        await using var hub = new HubFixture();
        await hub.PullPartOfWeightsAsync(90_000);
        hub.AssertNotWhole();
        Assert.False(Assert.Single(hub.Store.List()).IsWhole);

        await hub.PullAsync();

        hub.AssertWhole();
        Assert.Equal(["bytes=90000-"], hub.WeightRequests.Select(request => request.Range));

        // The cut pull may have left the small files to fetch, 29 bytes together.
        Assert.InRange(hub.Reports[^1].BytesFetched, 210_000, 210_029);
    }

    [Fact]
    public async Task A_server_that_ignores_the_range_is_read_from_the_beginning()
    {
        await using var hub = new HubFixture();
        await hub.PullPartOfWeightsAsync(90_000);
        hub.Server.Distort = (request, answer) => HubFixture.IsWeights(request) ? new HubAnswer(200, hub.Files[HubFixture.Weights]) : answer;

        await hub.PullAsync();

        hub.AssertWhole();
    }

    [Theory]
    [InlineData(416, null)]
    [InlineData(206, "bytes 0-209999/300000")]
    [InlineData(206, "bytes 90000-299999/299999999")]
    [InlineData(206, "items 90000-299999/300000")]
    [InlineData(206, null)]
    public async Task A_range_that_cannot_be_used_is_replaced_by_the_whole_file(int status, string? contentRange)
    {
        await using var hub = new HubFixture();
        await hub.PullPartOfWeightsAsync(90_000);
        hub.Server.Distort = (request, answer) =>
        {
            if (!HubFixture.IsWeights(request) || request.Range is null) return answer;
            var distorted = new HubAnswer(status, answer.Body);
            return contentRange is null ? distorted : distorted.With("Content-Range", contentRange);
        };

        await hub.PullAsync();

        hub.AssertWhole();
        Assert.Equal(["bytes=90000-", null], hub.WeightRequests.Select(request => request.Range));
    }

    [Fact]
    public async Task A_part_with_wrong_bytes_is_fetched_again_from_the_beginning()
    {
        await using var hub = new HubFixture();
        await hub.PullPartOfWeightsAsync(90_000);
        using (FileStream part = File.OpenWrite(Assert.Single(hub.Parts(), part => Path.GetFileName(part).StartsWith(HubFixture.Weights, StringComparison.Ordinal)))) part.Write("damaged"u8);

        await hub.PullAsync();

        hub.AssertWhole();
        Assert.Equal(["bytes=90000-", null], hub.WeightRequests.Select(request => request.Range));
    }

    [Theory]
    [InlineData("model.safetensors", "SHA-256")]
    [InlineData("config.json", "git blob")]
    public async Task Wrong_bytes_are_refused_and_leave_no_file(string path, string expected)
    {
        await using var hub = new HubFixture();
        byte[] wrong = [.. hub.Files[path]];
        wrong[^1] ^= 1;
        hub.Server.Distort = (request, answer) => HubFixture.IsWeights(request) == (path == HubFixture.Weights)
            && (HubFixture.IsWeights(request) || request.Target.EndsWith(path, StringComparison.Ordinal)) ? HubServer.RangeOf(request, wrong) : answer;

        HubException fault = await Assert.ThrowsAsync<HubException>(() => hub.PullAsync(new PullOptions { Parallelism = 1 }));

        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(hub.SnapshotDirectory, path)));
        Assert.DoesNotContain(hub.Parts(), part => Path.GetFileName(part).StartsWith(path, StringComparison.Ordinal));
        Assert.False(hub.Store.TryFind(HubFixture.Repository, out InstalledModel? model) && model.IsWhole);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    [InlineData(1_000_000_000_000)]
    public async Task A_length_that_the_list_contradicts_is_refused(long difference)
    {
        await using var hub = new HubFixture();
        hub.Server.Distort = (request, answer) => HubFixture.IsWeights(request) ? answer with { AnnouncedLength = answer.Body.Length + difference } : answer;

        HubException fault = await Assert.ThrowsAsync<HubException>(() => hub.PullAsync());

        Assert.Contains("300000", fault.Message, StringComparison.Ordinal);
        hub.AssertNotWhole();
    }

    [Fact]
    public async Task A_body_longer_than_listed_is_refused_when_its_length_is_not_announced()
    {
        await using var hub = new HubFixture();
        hub.Server.Distort = (request, answer) => HubFixture.IsWeights(request)
            ? answer with { IsChunked = true, Body = new byte[400_000] }
            : answer;

        HubException fault = await Assert.ThrowsAsync<HubException>(() => hub.PullAsync());

        Assert.Contains("more than the 300000 bytes", fault.Message, StringComparison.Ordinal);
        Assert.True(hub.Parts().Sum(part => new FileInfo(part).Length) <= 300_000);
    }

    [Fact]
    public async Task Chunks_and_packed_bodies_that_nobody_asked_for_are_read()
    {
        await using var hub = new HubFixture();
        hub.Server.Distort = (request, answer) => HubFixture.IsWeights(request)
            ? answer with { IsChunked = true, PieceBytes = 777 }
            : Packed(answer);
        hub.Server.Intercept = request => request.Target.StartsWith("/api/models/owner/model/tree/", StringComparison.Ordinal)
            ? Packed(HubAnswer.Json(hub.Files.TreeJson()))
            : null;

        await hub.PullAsync();

        hub.AssertWhole();
    }

    [Fact]
    public async Task A_packed_body_that_unpacks_to_more_than_listed_is_refused()
    {
        await using var hub = new HubFixture();
        hub.Server.Distort = (request, answer) => HubFixture.IsWeights(request) ? Packed(answer with { Body = new byte[50_000_000] }) : answer;

        await Assert.ThrowsAsync<HubException>(() => hub.PullAsync());

        Assert.True(hub.Parts().Sum(part => new FileInfo(part).Length) <= 300_000);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task An_overloaded_server_is_asked_again(int status)
    {
        await using var hub = new HubFixture();
        hub.Server.Intercept = request => request.Number <= 2 ? HubAnswer.Empty(status) : null;

        await hub.PullAsync();

        hub.AssertWhole();
    }

    [Fact]
    public async Task The_wait_that_a_server_asks_for_is_kept_up_to_a_limit()
    {
        await using var hub = new HubFixture();
        hub.Settings = hub.Settings with { LongestBackoff = TimeSpan.FromMilliseconds(1500) };
        hub.Server.Intercept = request => request.Target.Contains("/revision/", StringComparison.Ordinal)
            ? request.Number switch
            {
                1 => HubAnswer.Empty(429, ("Retry-After", "1")),
                2 => HubAnswer.Empty(503, ("Retry-After", "86400")),
                _ => null,
            }
            : null;

        var watch = Stopwatch.StartNew();
        await hub.PullAsync();

        hub.AssertWhole();
        Assert.InRange(watch.Elapsed.TotalSeconds, 2.4, 10);
    }

    [Fact]
    public async Task A_server_that_stays_overloaded_is_given_up()
    {
        await using var hub = new HubFixture();
        hub.Server.Intercept = _ => HubAnswer.Empty(503);

        HubException fault = await Assert.ThrowsAsync<HubException>(() => hub.PullAsync(new PullOptions { RetryCount = 2 }));

        Assert.Contains("503", fault.Message, StringComparison.Ordinal);
        Assert.Equal(3, hub.Server.Requests.Count);
    }

    [Theory]
    [InlineData(401, "HF_TOKEN is not set")]
    [InlineData(403, "HF_TOKEN is not set")]
    [InlineData(404, "no such repository")]
    [InlineData(418, "418")]
    public async Task A_refusal_is_told_at_once(int status, string expected)
    {
        await using var hub = new HubFixture();
        hub.Server.Intercept = _ => HubAnswer.Empty(status);

        HubException fault = await Assert.ThrowsAsync<HubException>(() => hub.PullAsync());

        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
        Assert.Single(hub.Server.Requests);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100_000)]
    public async Task A_server_that_falls_silent_is_asked_again(int stallAfter)
    {
        await using var hub = new HubFixture();
        hub.Server.Distort = (request, answer) => HubFixture.IsWeights(request) && request.Number == 1 ? answer with { StallAfter = stallAfter } : answer;

        await hub.PullAsync(new PullOptions { StallTimeout = TimeSpan.FromMilliseconds(300) });

        hub.AssertWhole();
        Assert.Equal([null, stallAfter == 0 ? null : "bytes=100000-"], hub.WeightRequests.Select(request => request.Range));
    }

    [Fact]
    public async Task A_trickle_is_no_progress()
    {
        await using var hub = new HubFixture();
        hub.Server.Distort = (request, answer) => HubFixture.IsWeights(request) ? answer with { PieceBytes = 10, PieceDelay = TimeSpan.FromMilliseconds(20) } : answer;

        var watch = Stopwatch.StartNew();
        HubException fault = await Assert.ThrowsAsync<HubException>(() => hub.PullAsync(new PullOptions { StallTimeout = TimeSpan.FromMilliseconds(300), RetryCount = 1 }));

        Assert.Contains("next to nothing", fault.Message, StringComparison.Ordinal);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5), $"it took {watch.Elapsed}");
    }

    [Fact]
    public async Task Headers_without_end_are_refused()
    {
        await using var hub = new HubFixture();
        hub.Server.Intercept = _ => HubAnswer.Empty(200, ("X-Much", new string('x', 200_000)));

        await Assert.ThrowsAsync<HubException>(() => hub.PullAsync(new PullOptions { RetryCount = 0 }));
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_told()
    {
        await using var hub = new HubFixture();
        hub.Settings = hub.Settings with { Endpoint = new Uri("http://127.0.0.1:1/") };

        HubException fault = await Assert.ThrowsAsync<HubException>(() => hub.PullAsync(new PullOptions { RetryCount = 1 }));

        Assert.Contains("http://127.0.0.1:1/", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_commit_than_the_one_asked_for_is_refused()
    {
        await using var hub = new HubFixture();
        hub.Server.Intercept = request => request.Target.EndsWith("config.json", StringComparison.Ordinal)
            ? new HubAnswer(200, hub.Files["config.json"]).With("X-Repo-Commit", new string('b', 40))
            : null;

        HubException fault = await Assert.ThrowsAsync<HubException>(() => hub.PullAsync());

        Assert.Contains(new string('b', 40), fault.Message, StringComparison.Ordinal);
    }

    private static HubAnswer Packed(HubAnswer answer)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(answer.Body.Span);
        return (answer with { Body = packed.ToArray() }).With("Content-Encoding", "gzip");
    }
}
