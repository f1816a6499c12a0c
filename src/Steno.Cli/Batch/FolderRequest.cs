using Steno.Cli.Input;

namespace Steno.Cli.Batch;

/// <summary>The words of a command line that ask for a folder of outputs.</summary>
internal static class FolderRequest
{
    /// <summary>Whether these words ask for a folder of outputs, rather than for one stream of text.</summary>
    /// <exception cref="CommandException">They cannot be meant together.</exception>
    public static bool IsMeant(IReadOnlyList<AudioSource> inputs, IReadOnlyList<TranscriptFormat> formats, string? output)
    {
        bool hasStandardInput = inputs.Any(input => input.Path is null);
        if (output is null)
        {
            if (formats.Count > 1) throw CommandException.Usage("several formats need a folder: name one with --output");
            return false;
        }

        bool isFolderNamed = Path.EndsInDirectorySeparator(output);
        bool isWanted = formats.Count > 1 || inputs.Count > 1 || isFolderNamed || inputs.Any(input => input.Path is { Length: > 0 } path && Directory.Exists(path));
        if (!isWanted) return false;
        if (output.Length == 0) throw CommandException.Usage("the name of the output folder is empty");
        if (hasStandardInput) throw CommandException.Usage("standard input has no name to make files of: give --output one file, and one format");
        if (Directory.Exists(output) || isFolderNamed) return true;
        if (File.Exists(output)) throw CommandException.Usage($"--output takes the text of one file: {output} is a file, where a folder is needed");
        if (TranscriptFormats.IsExtension(Path.GetExtension(output).TrimStart('.')))
            throw CommandException.Usage($"--output takes the text of one file: for a folder named {output}, write {output}{Path.DirectorySeparatorChar}");
        return true;
    }

    /// <summary>Plans what was asked for.</summary>
    /// <exception cref="CommandException">An input cannot be meant.</exception>
    public static FolderPlan Plan(IReadOnlyList<AudioSource> inputs, IReadOnlyList<TranscriptFormat> formats, string output, bool isRecursive, InputFiles read)
    {
        try
        {
            return FolderPlan.Create(inputs, formats, output, isRecursive, read.Files);
        }
        catch (ArgumentException exception) when (exception.GetType() == typeof(ArgumentException))
        {
            throw CommandException.Usage(exception);
        }
    }
}
