using Steno.Formats.Gguf;
using Steno.Hub;

namespace Steno.Verification;

/// <summary>What the files of a model can tell without a look at what is in them.</summary>
internal static class FileChecks
{
    /// <summary>Compares the files with the checksums of the pull that fetched them.</summary>
    /// <param name="path">The directory of the model, or its file.</param>
    /// <param name="weightFiles">Full paths of the files that hold the weights.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static async Task<VerificationCheck> CompareChecksumsAsync(string path, IReadOnlyList<string> weightFiles, CancellationToken cancellationToken)
    {
        const string Name = "checksums";
        bool isFile = File.Exists(path);
        StoredFile[] files = [.. StoredFile.Around(path).Where(file => !isFile || weightFiles.Contains(file.FullPath, StringComparer.Ordinal))];
        if (files.Length == 0) return VerificationCheck.Note(Name, "none known: no model of the store");
        var problems = new List<string>();
        foreach (StoredFile file in files)
        {
            if (await file.FindProblemAsync(cancellationToken).ConfigureAwait(false) is { } problem) problems.Add(problem);
        }

        string expected = files.Length == 1 ? "the file as it was pulled" : $"{files.Length} files as they were pulled";
        return VerificationCheck.Equal(Name, expected, problems.Count == 0 ? expected : string.Join("; ", problems));
    }

    /// <summary>Sees that GGUF files end with their last tensor. Loading passes over what comes after it.</summary>
    /// <exception cref="ModelFormatException">A file is broken.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static IEnumerable<VerificationCheck> CompareEnds(IReadOnlyList<string> weightFiles)
    {
        foreach (string path in weightFiles.Where(GgufFile.HasMagic))
        {
            using GgufFile file = GgufFile.Open(path);
            string found = file.SurplusBytes == 0 ? "the end of the file" : $"{file.SurplusBytes} more bytes";
            yield return VerificationCheck.Equal("after the last tensor of " + Path.GetFileName(path), "the end of the file", found);
        }
    }
}
