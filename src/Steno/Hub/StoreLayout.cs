namespace Steno.Hub;

/// <summary>Where the files of a store lie: models/NAME/manifest.json, models/NAME/COMMIT/..., locks/NAME.lock.</summary>
internal sealed class StoreLayout(string directory, ModelName name)
{
    /// <summary>Ends the name of a file that is not complete.</summary>
    public const string PartSuffix = ".part";

    /// <summary>Name of the file beside the snapshots of a model.</summary>
    public const string ManifestName = "manifest.json";

    private const int ShownHashLength = 16;

    public string ModelDirectory { get; } = Path.Combine(ModelsDirectory(directory), name.DirectoryName);

    public string ManifestFile => Path.Combine(ModelDirectory, ManifestName);

    public string LockFile { get; } = Path.Combine(directory, "locks", name.DirectoryName + ".lock");

    public static string ModelsDirectory(string directory) => Path.Combine(directory, "models");

    /// <summary>Directory of the files of a commit.</summary>
    public string SnapshotDirectory(string commit) => Path.Combine(ModelDirectory, commit);

    public string FilePath(string commit, string path) => Path.Combine([SnapshotDirectory(commit), .. path.Split('/')]);

    /// <summary>Where a file is while it is not complete. The name holds what the content must be, so that another content is never continued.</summary>
    public string PartPath(string commit, HubFile file) =>
        $"{FilePath(commit, file.Path)}.{(file.Sha256 ?? file.GitBlobId!)[..ShownHashLength]}{PartSuffix}";

    /// <summary>STENO_HOME, else the folder for caches that the platform has.</summary>
    /// <exception cref="DirectoryNotFoundException">There is none.</exception>
    public static string DefaultDirectory(Func<string, string?> read)
    {
        if (read("STENO_HOME") is { Length: > 0 } home) return Path.GetFullPath(home);
        if (OperatingSystem.IsWindows()) return Path.Combine(Known(Environment.SpecialFolder.LocalApplicationData), "steno");
        if (OperatingSystem.IsMacOS()) return Path.Combine(Known(Environment.SpecialFolder.UserProfile), "Library", "Caches", "steno");

        // A relative XDG_CACHE_HOME is to be ignored.
        return read("XDG_CACHE_HOME") is { } cache && Path.IsPathRooted(cache)
            ? Path.Combine(cache, "steno")
            : Path.Combine(Known(Environment.SpecialFolder.UserProfile), ".cache", "steno");
    }

    /// <summary>Free bytes on the disk of a directory; null when they are not known.</summary>
    public static long? FreeBytes(string directory)
    {
        try
        {
            return new DriveInfo(directory).AvailableFreeSpace;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }

    private static string Known(Environment.SpecialFolder folder) =>
        Environment.GetFolderPath(folder, Environment.SpecialFolderOption.DoNotVerify) is { Length: > 0 } path
            ? path
            : throw new DirectoryNotFoundException("there is no home directory to keep models in: set STENO_HOME to a folder");
}
