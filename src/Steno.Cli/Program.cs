using Steno.Cli.Output;

namespace Steno.Cli;

internal static class Program
{
    /// <summary>How long an interrupted process waits for a file to be written whole.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static async Task<int> Main(string[] arguments)
    {
        using var streams = new StandardStreams();
        using var interruption = new Interruption();
        var commandLine = new StenoCommandLine(streams);
        Task<int> work = Task.Run(() => commandLine.RunAsync(arguments, interruption.Token), CancellationToken.None);
        int exitCode = await interruption.WaitForAsync(work).ConfigureAwait(false);
        if (interruption.ExitCode != 0)
        {
            OutputFile.Seal(Patience);
            streams.Error.ShowStatus("");
            streams.Error.WriteLine("steno: interrupted");
        }

        return exitCode;
    }
}
