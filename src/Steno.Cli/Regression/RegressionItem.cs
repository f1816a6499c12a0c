namespace Steno.Cli.Regression;

/// <summary>One recording, and the file of its right text.</summary>
/// <param name="Source">The recording, a file.</param>
internal sealed record RegressionItem(AudioSource Source)
{
    /// <summary>Lies beside the recording and has its name, with another extension.</summary>
    public string TextPath { get; } = Path.ChangeExtension(Source.Name, "txt");

    /// <summary>Whether there is a text, or a link that leads to none: such a one is not to be replaced either.</summary>
    public bool HasText => Path.Exists(TextPath) || new FileInfo(TextPath).LinkTarget is not null;
}
