using Steno.Hub;

namespace Steno.Tests.Hub;

public sealed class SettingsTests
{
    [Theory]
    [InlineData(null, "https://huggingface.co/")]
    [InlineData("", "https://huggingface.co/")]
    [InlineData("http://mirror.example:8080/hub/", "http://mirror.example:8080/hub/")]
    [InlineData("https://mirror.example/hub", "https://mirror.example/hub/")]
    public void The_endpoint_is_read(string? text, string expected)
    {
        HubSettings settings = HubSettings.FromEnvironment(name => name == "HF_ENDPOINT" ? text : null);

        Assert.Equal(expected, settings.Endpoint.AbsoluteUri);
        Assert.Null(settings.Token);
        Assert.False(settings.IsOffline);
    }

    [Theory]
    [InlineData("HF_ENDPOINT", "mirror.example")]
    [InlineData("HF_ENDPOINT", "ftp://mirror.example")]
    [InlineData("HF_ENDPOINT", "file:///tmp")]
    [InlineData("HF_ENDPOINT", "https://user:word@mirror.example")]
    [InlineData("HF_TOKEN", "a b")]
    [InlineData("HF_TOKEN", "a\r\nX-Evil: 1")]
    public void Impossible_values_are_refused(string variable, string value)
    {
        HubException fault = Assert.Throws<HubException>(() => HubSettings.FromEnvironment(name => name == variable ? value : null));

        Assert.Contains(variable, fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1", true)]
    [InlineData("yes", true)]
    [InlineData("0", false)]
    [InlineData("", false)]
    public void Offline_is_read(string value, bool expected) =>
        Assert.Equal(expected, HubSettings.FromEnvironment(name => name == "HF_HUB_OFFLINE" ? value : null).IsOffline);

    [Fact]
    public void The_store_lies_where_the_environment_says()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the folders of Linux");
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);

        Assert.Equal("/data/steno", StoreLayout.DefaultDirectory(name => name == "STENO_HOME" ? "/data/steno" : "/other"));
        Assert.Equal("/cache/steno", StoreLayout.DefaultDirectory(name => name == "XDG_CACHE_HOME" ? "/cache" : null));
        Assert.Equal($"{home}/.cache/steno", StoreLayout.DefaultDirectory(name => name == "XDG_CACHE_HOME" ? "relative" : null));
        Assert.Equal($"{home}/.cache/steno", StoreLayout.DefaultDirectory(_ => null));
    }
}
