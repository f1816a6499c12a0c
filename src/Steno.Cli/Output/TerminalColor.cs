namespace Steno.Cli.Output;

/// <summary>A colour of a word on a terminal.</summary>
/// <param name="Code">Its number in the sequence "select graphic rendition" of ECMA-48.</param>
internal readonly record struct TerminalColor(int Code)
{
    public static TerminalColor Red { get; } = new(31);

    public static TerminalColor Green { get; } = new(32);

    public static TerminalColor Yellow { get; } = new(33);

    public static TerminalColor Cyan { get; } = new(36);

    /// <summary>Whether colours are shown and wanted (no-color.org). The old console of Windows shows the sequences themselves.</summary>
    /// <param name="isRedirected">Whether the stream goes to something else than a terminal.</param>
    public static bool IsWanted(bool isRedirected) => !isRedirected
        && Variable("TERM") != "dumb"
        && Variable("NO_COLOR").Length == 0
        && (!OperatingSystem.IsWindows() || Variable("WT_SESSION").Length > 0);

    public string Paint(string word) => $"\e[{Code}m{word}\e[0m";

    private static string Variable(string name) => Environment.GetEnvironmentVariable(name) ?? "";
}
