using Steno.Cli.Input;
using Steno.Cli.Output;

namespace Steno.Cli.Batch;

/// <summary>One input of many, and where its transcripts go.</summary>
/// <param name="Input">The audio.</param>
/// <param name="OutputStem">Full path of the outputs without their extension.</param>
internal sealed record BatchItem(AudioInput Input, string OutputStem)
{
    public string InputPath { get; } = Path.GetFullPath(Input.Path!);

    public string OutputPath(TranscriptFormat format) => OutputStem + "." + TranscriptFormats.ExtensionOf(format);

    /// <summary>Length of the audio file; 0 when nobody can tell.</summary>
    public long ByteCount()
    {
        try
        {
            return Target(InputPath).Length;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    /// <summary>Whether every output exists and none is older than the audio.</summary>
    public bool IsDone(IEnumerable<TranscriptFormat> formats)
    {
        try
        {
            DateTime changed = Target(InputPath).LastWriteTimeUtc;
            return formats.All(format => Target(OutputPath(format)) is { Exists: true } output && output.LastWriteTimeUtc >= changed);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    // A link has a length and a time of its own.
    private static FileInfo Target(string path)
    {
        var file = new FileInfo(path);
        return file.LinkTarget is null ? file : file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
    }
}
