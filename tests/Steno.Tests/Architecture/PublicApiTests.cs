namespace Steno.Tests.Architecture;

/// <summary>What callers may rely on changes only on purpose: the approved text lies in the project and is read in review.</summary>
public sealed class PublicApiTests
{
    [Fact]
    public void The_public_api_is_the_approved_one()
    {
        string approvedPath = Repository.PathOf("tests", "Steno.Tests", "PublicApi", "Steno.approved.txt");
        string approved = File.Exists(approvedPath) ? File.ReadAllText(approvedPath) : string.Empty;
        string actual = PublicApiListing.Of(typeof(AsrModel).Assembly);
        if (approved == actual) return;

        string receivedPath = Path.Combine(AppContext.BaseDirectory, "Steno.received.txt");
        File.WriteAllText(receivedPath, actual);
        Assert.Fail($"""
            The public API of Steno.dll is not the approved one. Compare the two files:
                {approvedPath}
                {receivedPath}
            If the change is meant, approve it and tell users of it in CHANGELOG.md:
                cp '{receivedPath}' '{approvedPath}'
            """);
    }
}
