using Steno.Cli.Input;
using Steno.Cli.Output;

namespace Steno.Cli.Batch;

/// <summary>What is to be transcribed into which files of a folder, found out before a model is loaded.</summary>
internal sealed class BatchPlan
{
    private readonly string _outputFolder;
    private readonly IReadOnlyList<TranscriptFormat> _formats;
    private readonly bool _isRecursive;
    private readonly Dictionary<string, BatchItem> _itemOfStem = new(PathComparer);
    private readonly List<BatchItem> _items = [];
    private readonly List<CommandException> _failures = [];
    private readonly List<string> _warnings = [];

    private BatchPlan(string outputFolder, IReadOnlyList<TranscriptFormat> formats, bool isRecursive)
    {
        _outputFolder = outputFolder;
        _formats = formats;
        _isRecursive = isRecursive;
    }

    /// <summary>Names that differ in case only are the same file everywhere but on Linux.</summary>
    public static StringComparer PathComparer { get; } = OperatingSystem.IsLinux() ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase;

    public static StringComparison PathComparison { get; } = OperatingSystem.IsLinux() ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;

    /// <summary>The inputs, in their order.</summary>
    public IReadOnlyList<BatchItem> Items => _items;

    /// <summary>What cannot be transcribed, and why.</summary>
    public IReadOnlyList<CommandException> Failures => _failures;

    /// <summary>What was passed over, each as one line.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>Whether these words of a command line ask for a folder of outputs, rather than for one stream of text.</summary>
    /// <exception cref="CommandException">They cannot be meant together.</exception>
    public static bool IsMeant(IReadOnlyList<AudioInput> inputs, IReadOnlyList<TranscriptFormat> formats, string? output)
    {
        bool hasStandardInput = inputs.Any(input => input.Path is null);
        if (output is null)
        {
            if (formats.Count > 1) throw CommandException.Usage("several formats need a folder: name one with --output");
            return false;
        }

        bool isFolderNamed = Path.EndsInDirectorySeparator(output);
        bool isWanted = formats.Count > 1 || inputs.Count > 1 || isFolderNamed || inputs.Any(IsFolder);
        if (!isWanted) return false;
        if (output.Length == 0) throw CommandException.Usage("the name of the output folder is empty");
        if (hasStandardInput) throw CommandException.Usage("standard input has no name to make files of: give --output one file, and one format");
        if (Directory.Exists(output) || isFolderNamed) return true;
        if (File.Exists(output)) throw CommandException.Usage($"--output takes the text of one file: {output} is a file, where a folder is needed");
        if (TranscriptFormats.IsExtension(Path.GetExtension(output).TrimStart('.')))
            throw CommandException.Usage($"--output takes the text of one file: for a folder named {output}, write {output}{Path.DirectorySeparatorChar}");
        return true;
    }

    /// <summary>Plans.</summary>
    /// <param name="inputs">Files and folders.</param>
    /// <param name="formats">What to write of each.</param>
    /// <param name="outputFolder">Where.</param>
    /// <param name="isRecursive">True to search the folders inside a folder too.</param>
    /// <param name="read">What is read besides; the inputs are added.</param>
    public static BatchPlan Create(IEnumerable<AudioInput> inputs, IReadOnlyList<TranscriptFormat> formats, string outputFolder, bool isRecursive, InputFiles read)
    {
        var plan = new BatchPlan(Path.TrimEndingDirectorySeparator(Path.GetFullPath(outputFolder)), formats, isRecursive);
        foreach (AudioInput input in inputs)
        {
            if (IsFolder(input)) plan.AddFolder(input);
            else plan.AddFile(input, Path.GetFileName(input.Path!));
        }

        plan.RefuseOverwriting(read.AddAudio(plan._items.Select(item => item.Input)));
        return plan;
    }

    private static bool IsFolder(AudioInput input) => input.Path is { Length: > 0 } path && Directory.Exists(path);

    private void AddFolder(AudioInput folder)
    {
        if (folder.Encoding != AudioEncoding.Auto)
            throw CommandException.Usage($"{folder.Path}: is a folder, where raw samples cannot be told from other files: name the files");

        int before = _items.Count + _failures.Count;
        var search = new FolderSearch(_isRecursive, _outputFolder, Fail, _warnings.Add);
        foreach ((string path, string relativePath) in search.Find(folder.Path!))
            AddFile(folder with { Path = path }, relativePath, isFound: true);
        if (_items.Count + _failures.Count == before)
            Fail($"{folder.Path}: there is no audio in this folder{(_isRecursive ? "" : "; its folders are searched with --recursive")}");
    }

    private void AddFile(AudioInput input, string relativePath, bool isFound = false)
    {
        try
        {
            input.Check();
        }
        catch (CommandException exception) when (exception.ExitCode == ExitCode.Audio)
        {
            _failures.Add(exception);
            return;
        }

        string? folder = Path.GetDirectoryName(relativePath);
        var item = new BatchItem(input, Path.Join(_outputFolder, folder, Path.GetFileNameWithoutExtension(relativePath)));

        // Named pipes look empty too, and to open one that nobody writes to would wait for ever.
        if (isFound && item.Input.ByteCount() == 0)
            Fail($"{input.Path}: the file is empty");
        else if (_itemOfStem.TryAdd(item.OutputStem, item))
            _items.Add(item);
        else if (!string.Equals(_itemOfStem[item.OutputStem].InputPath, item.InputPath, PathComparison))
            Refuse(item, $"its transcript would have the name of that of {_itemOfStem[item.OutputStem].Input.Path}: rename one, or use another --output");
    }

    // Raw samples may lie in files of any name, and any name may be a link.
    private void RefuseOverwriting(InputFiles read)
    {
        foreach (BatchItem item in _items.Where(item => _formats.Any(format => read.Find(item.OutputPath(format)) is not null)).ToList())
        {
            _items.Remove(item);
            Refuse(item, "a transcript would take the place of a file that is read: use another --output");
        }
    }

    private void Refuse(BatchItem item, string reason) => _failures.Add(new CommandException(ExitCode.Output, $"{item.Input.Path}: {reason}"));

    private void Fail(string message) => _failures.Add(new CommandException(ExitCode.Audio, message));
}
