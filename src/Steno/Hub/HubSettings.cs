namespace Steno.Hub;

/// <summary>Where the hub is and how to treat it.</summary>
internal sealed record HubSettings
{
    private const string DefaultEndpoint = "https://huggingface.co";

    private static readonly string[] TrueValues = ["1", "ON", "YES", "TRUE"];

    /// <summary>Scheme, host, and the path before /api and /OWNER; ends with a slash.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>Sent to the endpoint alone.</summary>
    public string? Token { get; init; }

    public bool IsOffline { get; init; }

    /// <summary>Wait before the first repetition; each further one waits twice as long.</summary>
    public TimeSpan FirstBackoff { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The most that is waited before a repetition, whatever the server asks for.</summary>
    public TimeSpan LongestBackoff { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Free bytes on the disk of a directory; null when they are not known.</summary>
    public Func<string, long?> FreeBytes { get; init; } = StoreLayout.FreeBytes;

    /// <summary>Reads HF_ENDPOINT, HF_TOKEN and HF_HUB_OFFLINE.</summary>
    /// <exception cref="HubException">A variable has no possible value.</exception>
    public static HubSettings FromEnvironment(Func<string, string?> read) => new()
    {
        Endpoint = EndpointOf(read("HF_ENDPOINT")),
        Token = TokenOf(read("HF_TOKEN")),
        IsOffline = read("HF_HUB_OFFLINE") is { } offline && TrueValues.Contains(offline, StringComparer.OrdinalIgnoreCase),
    };

    private static Uri EndpointOf(string? text)
    {
        string address = string.IsNullOrWhiteSpace(text) ? DefaultEndpoint : text.Trim();
        bool isUsable = Uri.TryCreate(address.TrimEnd('/') + "/", UriKind.Absolute, out Uri? endpoint)
            && (endpoint.Scheme == Uri.UriSchemeHttps || endpoint.Scheme == Uri.UriSchemeHttp)
            && endpoint.UserInfo.Length == 0 && endpoint.Query.Length == 0 && endpoint.Fragment.Length == 0;
        return isUsable
            ? endpoint!
            : throw new HubException($"HF_ENDPOINT is '{address}': expected the address of a model hub, such as {DefaultEndpoint}");
    }

    private static string? TokenOf(string? text)
    {
        string? token = text?.Trim();
        if (string.IsNullOrEmpty(token)) return null;
        return token.All(character => character is > ' ' and < '\u007F')
            ? token
            : throw new HubException("HF_TOKEN holds characters that no token has: expected printable ASCII without spaces");
    }
}
