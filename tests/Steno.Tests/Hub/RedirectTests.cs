namespace Steno.Tests.Hub;

public sealed class RedirectTests
{
    [Fact]
    public async Task The_token_goes_to_the_endpoint_and_to_no_other_host()
    {
        await using var hub = new HubFixture();
        hub.Settings = hub.Settings with { Token = "hf_secret" };

        await hub.PullAsync();

        hub.AssertWhole();
        Assert.NotEmpty(hub.WeightRequests);
        Assert.All(hub.Server.Requests, request =>
            Assert.Equal(request.Host.StartsWith("127.0.0.1:", StringComparison.Ordinal) ? "Bearer hf_secret" : null, request.Authorization));
    }

    [Fact]
    public async Task Messages_hold_neither_the_token_nor_the_signature_of_an_address()
    {
        await using var hub = new HubFixture();
        hub.Settings = hub.Settings with { Token = "hf_secret" };
        hub.Server.Distort = (request, _) => HubAnswer.Empty(403);

        HubException fault = await Assert.ThrowsAsync<HubException>(() => hub.PullAsync());

        Assert.DoesNotContain("secret", fault.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Redirects_without_end_are_refused()
    {
        await using var hub = new HubFixture();
        hub.Server.Intercept = request => HubAnswer.Empty(302, ("Location", request.Target + "x"));

        HubException fault = await Assert.ThrowsAsync<HubException>(() => hub.PullAsync());

        Assert.Contains("redirects", fault.Message, StringComparison.Ordinal);
        Assert.True(hub.Server.Requests.Count < 20);
    }

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("ftp://127.0.0.1/x")]
    [InlineData("http://[")]
    public async Task A_redirect_to_something_else_is_refused(string location)
    {
        await using var hub = new HubFixture();
        hub.Server.Intercept = _ => HubAnswer.Empty(302, ("Location", location));

        await Assert.ThrowsAsync<HubException>(() => hub.PullAsync());
    }

    [Fact]
    public async Task A_repository_that_moved_is_followed_on_the_endpoint_with_the_token()
    {
        await using var hub = new HubFixture();
        hub.Settings = hub.Settings with { Token = "hf_secret" };

        // A repository that was renamed: the hub redirects the old name.
        hub.Server.Intercept = request => request.Target.Contains("old/name", StringComparison.Ordinal)
            ? HubAnswer.Empty(307, ("Location", request.Target.Replace("old/name", HubFixture.Repository, StringComparison.Ordinal)))
            : null;

        InstalledModel model = await hub.PullAsync(name: "old/name");

        Assert.True(model.IsWhole);
        Assert.Equal("old/name", model.Repository);
    }
}
