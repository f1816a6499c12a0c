using Steno.Cli.Input;
using Steno.Cli.Output;
using Steno.Files;

namespace Steno.Cli.Batch;

/// <summary>One input of many, and where its transcripts go.</summary>
/// <param name="Input">The audio.</param>
/// <param name="OutputStem">Full path of the outputs without their extension.</param>
internal sealed record BatchItem(AudioInput Input, string OutputStem)
{
    public string InputPath { get; } = Path.GetFullPath(Input.Path!);

    public string OutputPath(TranscriptFormat format) => OutputStem + "." + TranscriptFormats.ExtensionOf(format);

    /// <summary>Whether every output exists and none is older than the audio.</summary>
    public bool IsDone(IEnumerable<TranscriptFormat> formats)
    {
        try
        {
            DateTime changed = new FileInfo(FileLinks.Resolve(InputPath)).LastWriteTimeUtc;
            return formats.All(format => new FileInfo(FileLinks.Resolve(OutputPath(format))) is { Exists: true } output && output.LastWriteTimeUtc >= changed);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
