using Microsoft.Win32.SafeHandles;
using Steno.Files;

namespace Steno.Cli.Input;

/// <summary>Everything that a command reads, so that nothing that it writes takes the place of it, by whatever name.</summary>
internal sealed class InputFiles
{
    private readonly FileSet _files = new();

    /// <summary>The files.</summary>
    public FileSet Files => _files;

    /// <summary>Adds a file, or the files of a folder.</summary>
    public InputFiles Add(string? path)
    {
        if (path is not null) Guarded(() => _files.Add(path));
        return this;
    }

    /// <summary>Adds files, or the files of folders.</summary>
    public InputFiles AddEach(IEnumerable<string> paths)
    {
        foreach (string path in paths) Add(path);
        return this;
    }

    /// <summary>Adds the files of a model.</summary>
    /// <param name="name">As the command line has it.</param>
    public InputFiles AddModel(string name)
    {
        Guarded(() => _files.Add(ModelLocation.PathOf(name)));
        return this;
    }

    /// <summary>Adds recordings, of which one without a path is standard input.</summary>
    public InputFiles AddAudio(IEnumerable<AudioSource> inputs)
    {
        foreach (AudioSource input in inputs)
        {
            if (input.Path is { } path) Add(path);
            else Guarded(() => _files.Add(Descriptor(0), "standard input"));
        }

        return this;
    }

    /// <summary>The name of the input that a path leads to; null when it is none.</summary>
    public string? Find(string path)
    {
        string? found = null;
        Guarded(() => found = _files.Find(path));
        return found;
    }

    /// <summary>Sees that a file to be written is not one to be read.</summary>
    /// <exception cref="CommandException">It is.</exception>
    public InputFiles RequireOther(string output)
    {
        if (Find(output) is { } input)
            throw new CommandException(ExitCode.Output, $"{output}: this is an input too ({input}), which would be lost: write to another file");
        return this;
    }

    /// <summary>Sees that standard output does not go into a file to be read.</summary>
    /// <exception cref="CommandException">It does.</exception>
    public InputFiles RequireOtherThanStandardOutput()
    {
        string? input = null;
        Guarded(() => input = _files.Find(Descriptor(1)));
        return input is null ? this : throw new CommandException(ExitCode.Output, $"standard output goes into an input ({input}), which would be damaged: write to another file");
    }

    private static SafeFileHandle Descriptor(int number) => new(number, ownsHandle: false);

    // What cannot be looked at, or is no model, is told where it is opened.
    private static void Guarded(Action look)
    {
        try
        {
            look();
        }
        catch (Exception exception) when (FileFault.Is(exception) || exception is StenoException or ObjectDisposedException)
        {
        }
    }
}
