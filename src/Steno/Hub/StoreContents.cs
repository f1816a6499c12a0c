namespace Steno.Hub;

/// <summary>Reads what a store holds, and removes from it.</summary>
internal static class StoreContents
{
    /// <summary>Every model with a directory in the store, by name.</summary>
    public static IReadOnlyList<InstalledModel> List(string storeDirectory)
    {
        string models = StoreLayout.ModelsDirectory(storeDirectory);
        if (!Directory.Exists(models)) return [];
        List<InstalledModel> found = [];
        foreach (string path in Directory.EnumerateDirectories(models))
        {
            if (ModelName.TryParseDirectory(Path.GetFileName(path), out ModelName? name) && Find(storeDirectory, name) is { } model) found.Add(model);
        }

        return [.. found.OrderBy(model => model.Name, StringComparer.OrdinalIgnoreCase).ThenBy(model => model.Name, StringComparer.Ordinal)];
    }

    /// <summary>One model, whole or not; null when nothing of it is there.</summary>
    public static InstalledModel? Find(string storeDirectory, ModelName name)
    {
        var layout = new StoreLayout(storeDirectory, name);
        if (!Directory.Exists(layout.ModelDirectory)) return null;
        Manifest? manifest = Manifest.Read(layout.ManifestFile);
        string directory = manifest is null ? layout.ModelDirectory : Path.Combine(layout.SnapshotDirectory(manifest.Commit), name.Folder ?? string.Empty);
        (int fileCount, long sizeBytes) = Measure(layout.ModelDirectory, layout.ManifestFile);
        if (manifest is null && fileCount == 0) return null;
        string? problem = manifest is null ? "the pull of it did not end" : manifest.FindProblem(layout);
        return new InstalledModel
        {
            Name = name.Text,
            Repository = name.Repository,
            Revision = name.Revision,
            Commit = manifest?.Commit,
            Directory = directory,
            FileCount = manifest?.Files.Count ?? fileCount,
            SizeBytes = sizeBytes,
            Kind = manifest is null ? ModelKind.Other : ModelKindReader.Read(name, directory),
            PulledAt = manifest?.PulledAt,
            Problem = problem,
        };
    }

    /// <summary>Deletes a model. The manifest goes first: what is left of a removal that is broken off is not whole.</summary>
    /// <returns>False when nothing of it was there.</returns>
    /// <exception cref="IOException">Another process pulls it, or a file cannot be deleted.</exception>
    public static bool Remove(string storeDirectory, ModelName name)
    {
        var layout = new StoreLayout(storeDirectory, name);
        if (!Directory.Exists(layout.ModelDirectory)) return false;
        Directory.CreateDirectory(Path.GetDirectoryName(layout.LockFile)!);
        using FileStream ownership = StoreLock.TryTake(layout.LockFile)
            ?? throw new IOException($"{name.Text} is being pulled by another process: end that first");
        bool wasThere = Find(storeDirectory, name) is not null;
        File.Delete(layout.ManifestFile);
        Directory.Delete(layout.ModelDirectory, recursive: true);
        return wasThere;
    }

    // Another process may add and delete files meanwhile.
    private static (int FileCount, long SizeBytes) Measure(string directory, string manifestFile)
    {
        int fileCount = 0;
        long sizeBytes = 0;
        foreach (FileInfo file in new DirectoryInfo(directory).EnumerateFiles("*", SearchOption.AllDirectories))
        {
            if (file.FullName == manifestFile) continue;
            fileCount++;
            sizeBytes += file.Exists ? file.Length : 0;
        }

        return (fileCount, sizeBytes);
    }
}
