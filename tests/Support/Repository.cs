namespace Steno.Tests.Support;

/// <summary>Files of the working copy, and of the <c>shared</c> folder beside it where there is one.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>A path inside the working copy.</summary>
    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>A path in the shared folder; skips the calling test where that path is absent, and prints why.</summary>
    public static string RequireShared(params string[] parts)
    {
        string path = Path.GetFullPath(Path.Combine([Root, "..", "shared", .. parts]));
        if (Path.Exists(path)) return path;

        // The runner prints diagnostic messages, but of a skipped test only its name.
        string reason = $"needs ../shared/{string.Join('/', parts)}, which is not on this machine";
        TestContext.Current.SendDiagnosticMessage("{0}", reason);
        Assert.Skip(reason);
        return path;
    }

    private static string FindRoot()
    {
        string? directory = AppContext.BaseDirectory;
        while (directory is not null && !File.Exists(Path.Combine(directory, "Steno.slnx")))
            directory = Path.GetDirectoryName(directory);
        return directory ?? throw new InvalidOperationException("The tests must run from inside the working copy: no Steno.slnx above " + AppContext.BaseDirectory);
    }
}
