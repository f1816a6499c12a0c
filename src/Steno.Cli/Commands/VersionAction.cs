using System.CommandLine;
using System.CommandLine.Invocation;
using System.Reflection;
using System.Text;
using Steno.Cli.Output;

namespace Steno.Cli.Commands;

/// <summary>Writes <c>steno 0.1.0 (922ae96c1d)</c>: the version, and the commit it was built from where that is known.</summary>
internal sealed class VersionAction(StandardStreams streams) : SynchronousCommandLineAction
{
    private const int ShownCommitLength = 10;

    public override bool ClearsParseErrors => true;

    public static string Text
    {
        get
        {
            // The build stamps VERSION+COMMIT.
            string stamp = typeof(VersionAction).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
            int plus = stamp.IndexOf('+', StringComparison.Ordinal);
            if (plus < 0)
                return "steno " + stamp;
            string commit = stamp[(plus + 1)..];
            return $"steno {stamp[..plus]} ({commit[..Math.Min(ShownCommitLength, commit.Length)]})";
        }
    }

    public override int Invoke(ParseResult parseResult)
    {
        streams.Write(Encoding.UTF8.GetBytes(Text + "\n"));
        return ExitCode.Success;
    }
}
