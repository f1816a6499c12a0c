using System.Collections.Concurrent;

namespace Steno.Hub;

/// <summary>Brings one model into the store. The commit that the revision stands for at the beginning is that of every file.</summary>
internal sealed class ModelPull(string storeDirectory, ModelName name, PullOptions options, HubSettings settings, IProgress<PullProgress>? progress)
{
    /// <summary>What stays free on the disk.</summary>
    private const long SpareBytes = 16L * 1024 * 1024;

    private readonly StoreLayout _layout = new(storeDirectory, name);
    private readonly PullMeter _meter = new(progress);

    /// <summary>Fetches what is not there yet.</summary>
    /// <exception cref="HubException">The hub does not give the model.</exception>
    /// <exception cref="IOException">The store cannot be written, or the disk is full.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        CreateDirectories();
        FileStream ownership = await TakeLockAsync(cancellationToken).ConfigureAwait(false);
        await using (ownership.ConfigureAwait(false))
        {
            Manifest? installed = Manifest.Read(_layout.ManifestFile);
            IReadOnlyList<string>? asked = options.Files ?? name.Files;
            if (settings.IsOffline)
                RequireInstalled(installed, asked);
            else
                await FetchAsync(installed, asked, cancellationToken).ConfigureAwait(false);
            _meter.Tell(PullPhase.Done);
        }
    }

    private void RequireInstalled(Manifest? installed, IReadOnlyList<string>? asked)
    {
        if (!HasAll(installed, asked))
            throw new HubException($"{name.Text} is not installed whole, and HF_HUB_OFFLINE forbids to fetch it");
    }

    private async Task FetchAsync(Manifest? installed, IReadOnlyList<string>? asked, CancellationToken cancellationToken)
    {
        using var client = new HubClient(settings, options.StallTimeout);
        var listing = new HubListing(settings, client, () => NewRetryLoop(file: null));
        _meter.Tell(PullPhase.Listing);
        string commit = await listing.ResolveCommitAsync(name, cancellationToken).ConfigureAwait(false);
        if (installed?.Commit == commit && HasAll(installed, asked))
        {
            DeleteOthers(commit);
            return;
        }

        IReadOnlyList<HubFile> listed = await listing.ListAsync(name, commit, cancellationToken).ConfigureAwait(false);
        IEnumerable<string> earlier = installed?.Files.Select(file => file.Path) ?? [];
        IReadOnlyList<HubFile> files = FileSelection.Choose(name.Repository, listed, asked, earlier);
        Prepare(files, commit, installed);
        _meter.Begin(files);
        IReadOnlyList<ManifestFile> fetched = await FetchAllAsync(files, commit, installed, client, cancellationToken).ConfigureAwait(false);
        new Manifest(name.Repository, name.Revision, commit, DateTimeOffset.UtcNow, fetched).Write(_layout.ManifestFile);
        DeleteOthers(commit);
    }

    private async Task<IReadOnlyList<ManifestFile>> FetchAllAsync(
        IReadOnlyList<HubFile> files, string commit, Manifest? installed, HubClient client, CancellationToken cancellationToken)
    {
        var fetched = new ConcurrentDictionary<string, ManifestFile>(StringComparer.Ordinal);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Parallelism, CancellationToken = cancellationToken };

        // The largest first: it is then not what is left alone at the end.
        await Parallel.ForEachAsync(files.OrderByDescending(file => file.SizeBytes), parallel, async (file, token) =>
        {
            var address = new Uri(settings.Endpoint, $"{name.Repository}/resolve/{commit}/{string.Join('/', file.Path.Split('/').Select(Uri.EscapeDataString))}");
            using var download = new FileDownload(file, address, commit, client, options.StallTimeout, NewRetryLoop(file.Path), _meter);
            string sha256 = await download.RunAsync(
                _layout.PartPath(commit, file), _layout.FilePath(commit, file.Path), FindTwin(file, installed), token).ConfigureAwait(false);
            fetched[file.Path] = new ManifestFile(file.Path, file.SizeBytes, sha256);
            _meter.FileDone(file.Path);
        }).ConfigureAwait(false);
        return [.. files.Select(file => fetched[file.Path])];
    }

    /// <summary>Makes the folders, drops parts that no file of the listing goes on from, and sees that the rest fits on the disk.</summary>
    private void Prepare(IReadOnlyList<HubFile> files, string commit, Manifest? installed)
    {
        string snapshot = _layout.SnapshotDirectory(commit);
        Directory.CreateDirectory(snapshot);
        HashSet<string> parts = [.. files.Select(file => _layout.PartPath(commit, file))];
        foreach (string path in Directory.EnumerateFiles(snapshot, "*" + StoreLayout.PartSuffix, SearchOption.AllDirectories))
        {
            if (!parts.Contains(path)) File.Delete(path);
        }

        DeleteOthers(commit, installed?.Commit);
        long missing = 0;
        foreach (HubFile file in files)
        {
            string path = _layout.FilePath(commit, file.Path);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            missing += file.SizeBytes - Math.Min(file.SizeBytes, Math.Max(LengthOf(path), LengthOf(_layout.PartPath(commit, file))));
        }

        if (settings.FreeBytes(snapshot) is { } free && missing + SpareBytes > free)
            throw new IOException($"{_layout.ModelDirectory}: {ByteCount.Text(missing)} are to be fetched and {ByteCount.Text(free)} are free: make room, or set STENO_HOME to a folder on another disk");
    }

    /// <summary>Deletes the files of commits that are not kept.</summary>
    private void DeleteOthers(params string?[] keptCommits)
    {
        foreach (string path in Directory.EnumerateDirectories(_layout.ModelDirectory))
        {
            if (keptCommits.Contains(Path.GetFileName(path))) continue;
            try
            {
                Directory.Delete(path, recursive: true);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // On Windows a process that still uses the old files keeps them: the next pull deletes them.
            }
        }
    }

    /// <summary>Where an earlier commit has the same content, or null. Only the names of large files can be compared.</summary>
    private string? FindTwin(HubFile file, Manifest? installed) =>
        installed?.Files.FirstOrDefault(known => known.Sha256 == file.Sha256) is { } twin ? _layout.FilePath(installed.Commit, twin.Path) : null;

    private bool HasAll(Manifest? installed, IReadOnlyList<string>? asked)
    {
        if (installed is null || installed.FindProblem(_layout) is not null) return false;
        return asked is null
            ? installed.Files.Any(file => file.Path.EndsWith(".safetensors", StringComparison.Ordinal))
            : asked.All(path => installed.Files.Any(file => file.Path == path));
    }

    private void CreateDirectories()
    {
        try
        {
            Directory.CreateDirectory(_layout.ModelDirectory);
            Directory.CreateDirectory(Path.GetDirectoryName(_layout.LockFile)!);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw StoreFault(exception);
        }
    }

    private async Task<FileStream> TakeLockAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await StoreLock.TakeAsync(
                _layout.LockFile,
                () => _meter.Tell(PullPhase.Waiting, message: $"another process is at work on {name.Text}: waiting for it"),
                cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw StoreFault(exception);
        }
    }

    private IOException StoreFault(Exception exception) =>
        new($"the folder of models {storeDirectory} cannot be written: {exception.Message} Set STENO_HOME to a folder that can", exception);

    private RetryLoop NewRetryLoop(string? file) =>
        new(settings, options.RetryCount, message => _meter.Tell(PullPhase.Retrying, file, message));

    private static long LengthOf(string path)
    {
        var info = new FileInfo(path);
        return info.Exists ? info.Length : 0;
    }
}
