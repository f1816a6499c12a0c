namespace Steno.Files;

/// <summary>Names of files as the runtime sees them.</summary>
internal static class FileNames
{
    /// <summary>What is wrong with a name that is lost.</summary>
    public const string Problem = "the name is not UTF-8, and nothing can be opened by it";

    /// <summary>Whether a name was not UTF-8 and is lost: the runtime puts U+FFFD for the bytes that it cannot read, and reaches nothing by the result.</summary>
    public static bool IsLost(string path) => path.Contains('\uFFFD', StringComparison.Ordinal) && !Path.Exists(path);
}
