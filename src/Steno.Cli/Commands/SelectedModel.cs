namespace Steno.Cli.Commands;

/// <summary>The model that a command uses, and why.</summary>
/// <param name="Name">Name or directory to load it by.</param>
/// <param name="IsNamed">True when the command line names it.</param>
/// <param name="Installed">The installed model that is used because none was named, or null.</param>
internal sealed record SelectedModel(string Name, bool IsNamed, InstalledModel? Installed)
{
    public static SelectedModel BuiltIn { get; } = new(AsrModel.BuiltInName, IsNamed: false, Installed: null);
}
