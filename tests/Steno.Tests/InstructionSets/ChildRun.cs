using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Steno.Tests.InstructionSets;

/// <summary>Runs tests of this assembly in a process of their own, where the environment can switch instruction sets off.</summary>
internal static partial class ChildRun
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>Runs tests and fails when one of them does, or none ran.</summary>
    /// <param name="filter">Options of the test runner that choose tests.</param>
    /// <param name="variables">Environment variables.</param>
    /// <param name="cancellationToken">Ends the process.</param>
    public static async Task RunAsync(string[] filter, IEnumerable<(string Name, string Value)> variables, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [typeof(ChildRun).Assembly.Location, .. filter, "-noColor", "-noLogo"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in variables) start.Environment[name] = value;
        using Process process = Process.Start(start)!;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        stop.CancelAfter(Patience);
        try
        {
            Task<string> errors = process.StandardError.ReadToEndAsync(stop.Token);
            string output = await process.StandardOutput.ReadToEndAsync(stop.Token) + await errors;
            await process.WaitForExitAsync(stop.Token);
            Assert.True(process.ExitCode == 0, output);
            Assert.True(Total().Match(output) is { Success: true } total && int.Parse(total.Groups["count"].ValueSpan, CultureInfo.InvariantCulture) > 0, output);
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }

    [GeneratedRegex(@"Total: (?<count>\d+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Total();
}
