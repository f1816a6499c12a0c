using Steno.Cli.Commands;

namespace Steno.Cli.Regression;

/// <summary>What is to be transcribed and compared, found out before a model is loaded.</summary>
internal sealed class RegressionPlan
{
    private readonly List<RegressionItem> _items = [];
    private readonly List<CommandException> _faults = [];
    private readonly List<string> _warnings = [];

    private RegressionPlan(string folder, bool isGenerating)
    {
        Folder = folder;
        IsGenerating = isGenerating;
    }

    /// <summary>The folder, as the user named it.</summary>
    public string Folder { get; }

    /// <summary>Whether a text that is missing is written.</summary>
    public bool IsGenerating { get; }

    /// <summary>The recordings, in the order of their names.</summary>
    public IReadOnlyList<RegressionItem> Items => _items;

    /// <summary>What cannot be compared, and why.</summary>
    public IReadOnlyList<CommandException> Faults => _faults;

    /// <summary>What was passed over, each as one line.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>Searches a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="isRecursive">True to search the folders inside it too.</param>
    /// <param name="isGenerating">True when texts may be missing.</param>
    /// <exception cref="CommandException">There is no such folder.</exception>
    public static RegressionPlan Create(string folder, bool isRecursive, bool isGenerating)
    {
        if (folder.Length == 0) throw CommandException.Usage("the name of the folder is empty");
        if (!Directory.Exists(folder))
            throw new CommandException(ExitCode.Audio, File.Exists(folder) ? $"{folder}: is a file: name the folder that it lies in" : $"{folder}: there is no such folder");

        var plan = new RegressionPlan(folder, isGenerating);
        var search = new FolderSearch(isRecursive, excluded: "", plan.Fail, plan._warnings.Add);
        foreach ((string path, _) in search.Find(folder)) plan.Add(new RegressionItem(new AudioSource(path, AudioEncoding.Auto)));
        if (plan._items.Count + plan._faults.Count == 0)
            plan._faults.Add(TranscribeFaults.Of(new SourceFailure(SourceFault.NoAudio, $"{folder}: there is no audio in this folder"), isRecursive));
        return plan;
    }

    private void Add(RegressionItem item)
    {
        if (SourceFailure.OfMissing(item.Source.Name) is { } failure)
            _faults.Add(TranscribeFaults.Of(failure));

        // Named pipes look empty too, and to open one that nobody writes to would wait for ever.
        else if (item.Source.ByteCount() == 0)
            Fail($"{item.Source.Name}: the file is empty");
        else if (!IsGenerating && !item.HasText)
            Fail($"{item.Source.Name}: there is no {Path.GetFileName(item.TextPath)} beside it to compare with: write one, or have it written with --generate-missing");
        else
            _items.Add(item);
    }

    private void Fail(string message) => _faults.Add(new CommandException(ExitCode.Audio, message));
}
