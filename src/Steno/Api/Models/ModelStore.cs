using System.Diagnostics.CodeAnalysis;
using Steno.Hub;

namespace Steno;

/// <summary>The models on this machine, each fetched from a model hub and known by name.</summary>
/// <remarks>Several processes may use one store at the same time; of those that pull the same model, one works and the others wait.</remarks>
public sealed class ModelStore
{
    private const int MaxParallelism = 16;

    private readonly HubSettings? _settings;

    /// <summary>A store in a directory, which need not exist yet.</summary>
    /// <param name="directory">Where the models are.</param>
    public ModelStore(string directory)
        : this(directory, settings: null)
    {
    }

    internal ModelStore(string directory, HubSettings? settings)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        Directory = Path.GetFullPath(directory);
        _settings = settings;
    }

    /// <summary>The store of this user: the directory that the environment variable STENO_HOME names, else <c>steno</c> in the platform's folder for caches.</summary>
    /// <exception cref="DirectoryNotFoundException">STENO_HOME is not set and the user has no home directory.</exception>
    public static ModelStore Default => new(StoreLayout.DefaultDirectory(Environment.GetEnvironmentVariable));

    /// <summary>Where the models are.</summary>
    public string Directory { get; }

    /// <summary>Every model in the store, whole or not, by name.</summary>
    /// <exception cref="IOException">The directory cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The directory cannot be read.</exception>
    public IReadOnlyList<InstalledModel> List() => StoreContents.List(Directory);

    /// <summary>Looks for a model, whole or not.</summary>
    /// <param name="name"><c>0.6b</c>, <c>1.7b</c>, <c>aligner</c>, <c>silero-vad</c>, another short name that docs/cli.md lists, or <c>OWNER/REPOSITORY[@REVISION]</c>.</param>
    /// <param name="model">The model, or null.</param>
    public bool TryFind(string name, [NotNullWhen(true)] out InstalledModel? model)
    {
        model = ModelName.TryParse(name, out ModelName? parsed) ? StoreContents.Find(Directory, parsed) : null;
        return model is not null;
    }

    /// <summary>The speech-to-text model to use when none is named: <c>1.7b</c>, else <c>0.6b</c>, else the only other one; null when there is none, or several others.</summary>
    public InstalledModel? FindDefault()
    {
        List<InstalledModel> usable = [.. List().Where(model => model.IsWhole && model.Kind == ModelKind.SpeechToText)];
        return usable.Find(model => model.Name == "1.7b")
            ?? usable.Find(model => model.Name == "0.6b")
            ?? (usable.Count == 1 ? usable[0] : null);
    }

    /// <summary>Fetches a model, or what is missing or newer of it. What was fetched before a fault or a cancellation is kept, and gone on from.</summary>
    /// <param name="name"><c>0.6b</c>, <c>1.7b</c>, <c>aligner</c>, <c>silero-vad</c>, another short name that docs/cli.md lists, or <c>OWNER/REPOSITORY[@REVISION]</c>.</param>
    /// <param name="options">What to fetch, and how; null for the defaults.</param>
    /// <param name="progress">Told how far it is, by one thread at a time.</param>
    /// <param name="cancellationToken">Stops it within 100 ms.</param>
    /// <exception cref="ArgumentException">The name or an option is not possible.</exception>
    /// <exception cref="HubException">The hub cannot be reached, does not have the model, or gives something else than it lists.</exception>
    /// <exception cref="IOException">The store cannot be written, or the disk is full.</exception>
    public async Task<InstalledModel> PullAsync(string name, PullOptions? options = null, IProgress<PullProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        options ??= new PullOptions();
        ModelName parsed = ModelName.Parse(name);
        Check(options);
        HubSettings settings = _settings ?? HubSettings.FromEnvironment(Environment.GetEnvironmentVariable);
        await new ModelPull(Directory, parsed, options, settings, progress).RunAsync(cancellationToken).ConfigureAwait(false);
        return StoreContents.Find(Directory, parsed) ?? throw new IOException($"{parsed.Text} was removed as soon as it was there");
    }

    /// <summary>Deletes a model, whole or not.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>False when nothing of it was there.</returns>
    /// <exception cref="ArgumentException">The name is not possible.</exception>
    /// <exception cref="IOException">Another process pulls it, or a file cannot be deleted.</exception>
    public bool Remove(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return StoreContents.Remove(Directory, ModelName.Parse(name));
    }

    private static void Check(PullOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Parallelism, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Parallelism, MaxParallelism, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.RetryCount, 0, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(options.StallTimeout, TimeSpan.Zero, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.StallTimeout, TimeSpan.FromDays(1), nameof(options));
        if (options.Files is null) return;
        if (options.Files.Count == 0) throw new ArgumentException("the list of files to fetch is empty", nameof(options));
        foreach (string file in options.Files)
        {
            if (!HubPath.IsSafe(file)) throw new ArgumentException($"'{file}' is not the path of a file in a repository", nameof(options));
        }
    }
}
