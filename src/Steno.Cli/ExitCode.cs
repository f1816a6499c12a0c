namespace Steno.Cli;

/// <summary>What the process tells its caller; docs/cli.md and the help text list the same values.</summary>
internal static class ExitCode
{
    public const int Success = 0;
    public const int InternalFault = 1;
    public const int Usage = 2;
    public const int Audio = 3;
    public const int Model = 4;

    /// <summary>A model that writes other texts than it should fails a check as one that computes other numbers does: it has the same value.</summary>
    public const int Regression = Model;

    public const int Output = 5;
    public const int Network = 6;

    /// <summary>128 + SIGINT.</summary>
    public const int Interrupted = 130;

    /// <summary>128 + SIGPIPE: what a shell reports for any program whose reader went away.</summary>
    public const int OutputClosed = 141;

    /// <summary>128 + SIGTERM.</summary>
    public const int Terminated = 143;
}
