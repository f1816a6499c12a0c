using Steno.Cli.Output;

namespace Steno.Cli;

internal static class Program
{
    private static async Task<int> Main(string[] arguments)
    {
        using var streams = new StandardStreams();
        using var interruption = new Interruption();
        var commandLine = new StenoCommandLine(streams);
        Task<int> work = Task.Run(() => commandLine.RunAsync(arguments, interruption.Token), CancellationToken.None);
        int exitCode = await interruption.WaitForAsync(work).ConfigureAwait(false);
        if (interruption.ExitCode != 0)
            streams.Error.WriteLine("steno: interrupted");
        return exitCode;
    }
}
