using System.Text;

namespace Steno.Cli.Output;

/// <summary>Lines for people on standard error. When nobody can read them the work goes on: the exit code still tells its end.</summary>
internal sealed class ErrorStream : IDisposable
{
    private readonly StreamWriter _writer = new(Console.OpenStandardError(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));

    public void WriteLine(string line) => Write(line + Environment.NewLine);

    public void Write(string text)
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
}
