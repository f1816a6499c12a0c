namespace Steno.Cli;

/// <summary>Ends a command with an exit code and one line for the user.</summary>
internal sealed class CommandException(int exitCode, string message, Exception? innerException = null)
    : Exception(message, innerException)
{
    public int ExitCode { get; } = exitCode;

    public static CommandException Usage(string message) => new(Cli.ExitCode.Usage, message);

    /// <summary>An argument that the library refused, in its words but without the name of its parameter.</summary>
    public static CommandException Usage(ArgumentException exception) =>
        Usage(exception.Message.Replace($" (Parameter '{exception.ParamName}')", string.Empty, StringComparison.Ordinal));
}
