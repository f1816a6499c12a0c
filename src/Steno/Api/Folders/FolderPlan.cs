using Steno.Files;

namespace Steno;

/// <summary>What is to be transcribed into which files of a folder, found out before a model is loaded.</summary>
internal sealed class FolderPlan
{
    private readonly string _fullOutputFolder;
    private readonly bool _isRecursive;
    private readonly Dictionary<string, FolderItem> _itemOfStem = new(PathComparer);
    private readonly List<FolderItem> _items = [];
    private readonly List<SourceFailure> _failures = [];
    private readonly List<string> _warnings = [];

    private FolderPlan(string outputFolder, IReadOnlyList<TranscriptFormat> formats, bool isRecursive)
    {
        OutputFolder = outputFolder;
        _fullOutputFolder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(outputFolder));
        Formats = formats;
        _isRecursive = isRecursive;
    }

    /// <summary>Names that differ in case only are the same file everywhere but on Linux.</summary>
    public static StringComparer PathComparer { get; } = OperatingSystem.IsLinux() ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase;

    public static StringComparison PathComparison { get; } = OperatingSystem.IsLinux() ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;

    /// <summary>Where the transcripts go, as the caller named it.</summary>
    public string OutputFolder { get; }

    /// <summary>What is written of each recording.</summary>
    public IReadOnlyList<TranscriptFormat> Formats { get; }

    /// <summary>The recordings, in their order.</summary>
    public IReadOnlyList<FolderItem> Items => _items;

    /// <summary>What cannot be transcribed, and why.</summary>
    public IReadOnlyList<SourceFailure> Failures => _failures;

    /// <summary>What was passed over, each as one line.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>Plans.</summary>
    /// <param name="sources">Files and folders.</param>
    /// <param name="formats">What to write of each.</param>
    /// <param name="outputFolder">Where.</param>
    /// <param name="isRecursive">True to search the folders inside a folder too.</param>
    /// <param name="read">What is read besides, which no transcript may replace; the recordings are added.</param>
    /// <exception cref="ArgumentException">A source is a stream, has no name, or is a folder of raw samples.</exception>
    public static FolderPlan Create(IEnumerable<AudioSource> sources, IReadOnlyList<TranscriptFormat> formats, string outputFolder, bool isRecursive, FileSet read)
    {
        var plan = new FolderPlan(outputFolder, formats, isRecursive);
        foreach (AudioSource source in sources)
        {
            if (source.Path is not { } path) throw new ArgumentException($"{source.Name}: is a stream, which has no name to make files of", nameof(sources));
            if (path.Length == 0) throw new ArgumentException("the name of an audio file is empty", nameof(sources));
            bool isFolder = Directory.Exists(path);
            if (isFolder && source.Encoding != AudioEncoding.Auto)
                throw new ArgumentException($"{path}: is a folder, where raw samples cannot be told from other files: name the files", nameof(sources));
            if (isFolder) plan.AddFolder(path);
            else plan.AddFile(source, Path.GetFileName(path));
        }

        plan.RefuseOverwriting(read);
        return plan;
    }

    private void AddFolder(string folder)
    {
        int before = _items.Count + _failures.Count;
        var search = new FolderSearch(_isRecursive, _fullOutputFolder, message => Fail(SourceFault.Audio, message), _warnings.Add);
        foreach ((string path, string relativePath) in search.Find(folder))
            AddFile(new AudioSource(path, AudioEncoding.Auto), relativePath, isFound: true);
        if (_items.Count + _failures.Count == before) Fail(SourceFault.NoAudio, $"{folder}: there is no audio in this folder");
    }

    private void AddFile(AudioSource source, string relativePath, bool isFound = false)
    {
        if ((SourceFailure.OfClosed(source.Name) ?? SourceFailure.OfMissing(source.Name)) is { } failure)
        {
            _failures.Add(failure);
            return;
        }

        string? folder = Path.GetDirectoryName(relativePath);
        var item = new FolderItem(source, Path.Join(_fullOutputFolder, folder, Path.GetFileNameWithoutExtension(relativePath)));

        // Named pipes look empty too, and to open one that nobody writes to would wait for ever.
        if (isFound && source.ByteCount() == 0)
            Fail(SourceFault.Audio, $"{source.Name}: the file is empty");
        else if (_itemOfStem.TryAdd(item.OutputStem, item))
            _items.Add(item);
        else if (!string.Equals(_itemOfStem[item.OutputStem].SourcePath, item.SourcePath, PathComparison))
            Fail(SourceFault.NameTaken, $"{source.Name}: its transcript would have the name of that of {_itemOfStem[item.OutputStem].Source.Name}");
    }

    // Raw samples may lie in files of any name, and any name may be a link.
    private void RefuseOverwriting(FileSet read)
    {
        foreach (FolderItem item in _items)
            Look(() => read.Add(item.Source.Name));
        foreach (FolderItem item in _items.Where(item => Formats.Any(format => IsRead(item.OutputPath(format)))).ToList())
        {
            _items.Remove(item);
            Fail(SourceFault.ReadFile, $"{item.Source.Name}: a transcript would take the place of a file that is read");
        }

        bool IsRead(string path)
        {
            bool isRead = false;
            Look(() => isRead = read.Find(path) is not null);
            return isRead;
        }
    }

    // What cannot be looked at is told where it is opened.
    private static void Look(Action look)
    {
        try
        {
            look();
        }
        catch (Exception exception) when (FileFault.Is(exception))
        {
        }
    }

    private void Fail(SourceFault fault, string message) => _failures.Add(new SourceFailure(fault, message));
}
