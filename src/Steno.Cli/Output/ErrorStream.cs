using System.Text;

namespace Steno.Cli.Output;

/// <summary>Lines for people on standard error. When nobody can read them the work goes on: the exit code still tells its end.</summary>
internal sealed class ErrorStream : IDisposable
{
    private readonly Lock _gate = new();
    private readonly StreamWriter _writer = new(Console.OpenStandardError(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
    private string _status = "";

    /// <summary>Whether a person reads along on a terminal that can go back to the start of a line.</summary>
    public static bool IsTerminal => !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") != "dumb";

    /// <summary>Writes a line, above the status where one is shown.</summary>
    public void WriteLine(string line)
    {
        lock (_gate)
        {
            string status = _status;
            Write(ErasureOf(status) + line + Environment.NewLine + status);
        }
    }

    /// <summary>Shows a status at the foot of a terminal, in place of the one before.</summary>
    /// <param name="status">ASCII text shorter than a line; empty to show none.</param>
    public void ShowStatus(string status)
    {
        lock (_gate)
        {
            string text = status[..Math.Min(status.Length, TerminalWidth - 1)];
            Write(ErasureOf(_status) + text);
            _status = text;
        }
    }

    /// <summary>Writes what went wrong in one line; with a trace where one is asked for and there is a cause to trace.</summary>
    public void WriteFault(string message, Exception exception, bool hasTrace)
    {
        WriteLine("steno: " + OneLine.Of(message));
        if (hasTrace && (exception is not CommandException || exception.InnerException is not null))
            WriteLine(exception.ToString());
    }

    public void Dispose()
    {
        try
        {
            _writer.Dispose();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // What is left in the writer is what could not be written before.
        }
    }

    // A terminal that does not know its width says 0.
    private static int TerminalWidth => Console.IsOutputRedirected || Console.WindowWidth < 2 ? 80 : Console.WindowWidth;

    private static string ErasureOf(string status) => status.Length == 0 ? "" : "\r" + new string(' ', status.Length) + "\r";

    private void Write(string text)
    {
        try
        {
            _writer.Write(text);
            _writer.Flush();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Standard error is closed or full, and there is no other place to say so.
        }
    }
}
