namespace Steno.Tests.Support;

/// <summary>A request that came to a <see cref="HubServer"/>.</summary>
/// <param name="Host">The Host header: under which name the server was called.</param>
/// <param name="Target">Path and query.</param>
/// <param name="Headers">Names in lower case.</param>
/// <param name="Number">How many requests with this target came before, plus one.</param>
internal sealed record HubRequest(string Host, string Target, IReadOnlyDictionary<string, string> Headers, int Number)
{
    public string? Authorization => Headers.GetValueOrDefault("authorization");

    public string? Range => Headers.GetValueOrDefault("range");
}
