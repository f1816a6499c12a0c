namespace Steno.Cli.Input;

/// <summary>Recordings that a command reads after it has worked for minutes.</summary>
internal static class AudioFiles
{
    /// <summary>Sees that every file can be opened.</summary>
    /// <exception cref="CommandException">One cannot.</exception>
    public static void Require(IEnumerable<string> paths)
    {
        foreach (string path in paths)
        {
            try
            {
                using FileStream file = File.OpenRead(path);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
            {
                throw new CommandException(ExitCode.Audio, $"{path}: the audio cannot be read: {exception.Message}", exception);
            }
        }
    }
}
