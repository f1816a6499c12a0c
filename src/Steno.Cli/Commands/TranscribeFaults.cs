namespace Steno.Cli.Commands;

/// <summary>Faults of recordings and outputs in the words of the command line: what the library says, the option that helps, the exit code.</summary>
internal static class TranscribeFaults
{
    /// <summary>Whatever stopped the transcription of one recording.</summary>
    public static CommandException Of(AudioSource source, Exception exception) => exception switch
    {
        CommandException known when known.ExitCode == ExitCode.Output => new CommandException(ExitCode.Output, SourceFailure.Naming(source, "the text is lost: " + known.Message), known.InnerException),
        CommandException known => known,
        _ when SourceFailure.Of(source, exception) is { } failure => Of(failure),

        // An environment variable holds what it cannot.
        NotSupportedException => CommandException.Usage(exception.Message),

        // What only the model can judge: a language that it does not know, a prompt beyond its positions.
        ArgumentException argument when argument.GetType() == typeof(ArgumentException) => CommandException.Usage(argument),
        _ => new CommandException(ExitCode.InternalFault, SourceFailure.Naming(source, $"this is a fault in Steno, please report it: {exception.GetType().Name}: {exception.Message}"), exception),
    };

    /// <summary>A fault of a recording, or of what its transcript was to be written to.</summary>
    /// <param name="failure">The fault.</param>
    /// <param name="isRecursive">Whether folders inside folders were searched.</param>
    public static CommandException Of(SourceFailure failure, bool isRecursive = false)
    {
        string remedy = failure.Fault switch
        {
            SourceFault.LostName => ", or read it through standard input (steno - < FILE)",
            SourceFault.NoAudio when !isRecursive => "; its folders are searched with --recursive",
            SourceFault.CacheMemory => " (--cache-memory)",
            SourceFault.NameTaken => ": rename one, or use another --output",
            SourceFault.ReadFile => ": use another --output",
            _ => "",
        };
        int exitCode = failure.Fault switch
        {
            SourceFault.Memory => ExitCode.InternalFault,
            SourceFault.Model => ExitCode.Model,
            SourceFault.Output or SourceFault.NameTaken or SourceFault.ReadFile => ExitCode.Output,
            _ => ExitCode.Audio,
        };
        return failure.Cause is OutputException output
            ? new CommandException(exitCode, failure.Message + RemedyOf(output), output.InnerException)
            : new CommandException(exitCode, failure.Message + remedy, failure.Cause);
    }

    /// <summary>An output that cannot be written.</summary>
    public static CommandException Of(OutputException exception) => new(ExitCode.Output, exception.Message + RemedyOf(exception), exception.InnerException);

    private static string RemedyOf(OutputException exception) => exception.DirectoryPath is { } path
        ? $"; name a file, or write {Path.TrimEndingDirectorySeparator(path)}{Path.DirectorySeparatorChar} for a file in it named after the audio"
        : "";
}
