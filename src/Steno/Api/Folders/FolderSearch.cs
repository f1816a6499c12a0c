using Steno.Files;

namespace Steno;

/// <summary>Finds the audio files of a folder, in the order of their names: first the files of a folder, then its folders.</summary>
/// <param name="isRecursive">True to search the folders inside too.</param>
/// <param name="excluded">Full path of the folder that output goes to: it is not searched when it lies inside another.</param>
/// <param name="fail">Takes what could not be read, as one line.</param>
/// <param name="warn">Takes what was passed over, as one line.</param>
internal sealed class FolderSearch(bool isRecursive, string excluded, Action<string> fail, Action<string> warn)
{
    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = FileAttributes.None, IgnoreInaccessible = false, ReturnSpecialDirectories = false };

    /// <summary>Finds the files.</summary>
    /// <returns>The path of each file, and the same path from inside the folder.</returns>
    public IEnumerable<(string Path, string RelativePath)> Find(string folder)
    {
        var waiting = new Stack<string>();
        waiting.Push("");
        while (waiting.TryPop(out string? relative))
        {
            List<FileSystemInfo> entries = Read(Path.Join(folder, relative));
            foreach (FileSystemInfo file in entries.Where(entry => entry is FileInfo && AudioFileNames.IsAudio(entry.Name)))
                yield return (Path.Join(folder, relative, file.Name), Path.Join(relative, file.Name));

            if (!isRecursive) yield break;
            foreach (FileSystemInfo inner in entries.AsEnumerable().Reverse())
            {
                if (inner is DirectoryInfo && IsSearched(inner, Path.Join(folder, relative, inner.Name)))
                    waiting.Push(Path.Join(relative, inner.Name));
            }
        }
    }

    private List<FileSystemInfo> Read(string folder)
    {
        try
        {
            return [.. new DirectoryInfo(folder).EnumerateFileSystemInfos("*", Everything).OrderBy(entry => entry.Name, StringComparer.Ordinal)];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            fail($"{folder}: the folder cannot be read: {(FileNames.IsLost(folder) ? FileNames.Problem + ": rename it" : FileFault.ReasonOf(exception))}");
        }

        return [];
    }

    // A link may lead back up: whoever wants what it leads to names it.
    private bool IsSearched(FileSystemInfo folder, string path)
    {
        if (folder.Name.StartsWith('.') || string.Equals(Path.GetFullPath(path), excluded, FolderPlan.PathComparison)) return false;
        if (folder.LinkTarget is null) return true;
        warn($"{path}: a link to a folder is not followed: name it to have it transcribed");
        return false;
    }
}
