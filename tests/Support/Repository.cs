namespace Steno.Tests.Support;

/// <summary>Files of the working copy, and of the <c>shared</c> folder beside it where there is one.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>A path inside the working copy.</summary>
    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>A path in the shared folder; skips the calling test with a reason where that path is absent.</summary>
    public static string RequireShared(params string[] parts)
    {
        string path = Path.Combine([Root, "..", "shared", .. parts]);
        Assert.SkipUnless(File.Exists(path) || Directory.Exists(path), $"needs ../shared/{string.Join('/', parts)}, which is not on this machine");
        return Path.GetFullPath(path);
    }

    private static string FindRoot()
    {
        string? directory = AppContext.BaseDirectory;
        while (directory is not null && !File.Exists(Path.Combine(directory, "Steno.slnx")))
            directory = Path.GetDirectoryName(directory);
        return directory ?? throw new InvalidOperationException("The tests must run from inside the working copy: no Steno.slnx above " + AppContext.BaseDirectory);
    }
}
