namespace Steno.Cli.Output;

/// <summary>How much standard error tells.</summary>
internal enum Verbosity
{
    Silent,
    Normal,
    Debug,
}
