using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Text;
using Steno.Cli.Output;

namespace Steno.Cli.Commands;

/// <summary>The help of a command, then what is the same for all of them.</summary>
internal sealed class HelpTextAction(StandardStreams streams) : SynchronousCommandLineAction
{
    private const int Width = 100;

    private const string Examples = """
        Without a command, steno transcribes: steno -i FILE is steno transcribe -i FILE.

        Examples:
          steno pull 0.6b
          steno recording.wav
          steno transcribe --model 0.6b --language German *.wav
          steno transcribe --recursive --format txt,json --output texts recordings
          ffmpeg -i film.mkv -f wav - | steno transcribe --format json -
          steno quantize 0.6b steno-q5 --output 0.6b-q5.gguf


        """;

    private const string ExitCodes = """
        Exit codes:
          0    success
          1    a fault in Steno, or not enough memory
          2    the command line is wrong
          3    audio, or a text to compare with, cannot be read; the other files are still transcribed
          4    the model cannot be loaded, or fails a check of steno verify or steno regress
          5    the output, or the folder of models, cannot be written
          6    the model hub cannot be reached, or does not give the model
          130  interrupted by Ctrl-C (SIGINT)
          141  the reader of standard output went away
          143  terminated (SIGTERM)
        """;

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        using var text = new StringWriter { NewLine = "\n" };
        parseResult.InvocationConfiguration.Output = text;
        int terminalWidth = Console.IsOutputRedirected ? Width : Console.WindowWidth;
        new HelpAction { MaxWidth = Math.Min(terminalWidth, Width) }.Invoke(parseResult);
        if (!parseResult.CommandResult.Command.Parents.Any())
            text.Write(Examples);
        text.Write(ExitCodes);
        IEnumerable<string> lines = text.ToString().TrimEnd().Split('\n').Select(line => line.TrimEnd());
        streams.Write(Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n"));
        return ExitCode.Success;
    }
}
