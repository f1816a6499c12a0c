using Steno.Files;

namespace Steno;

/// <summary>One recording of many, and where its transcripts go.</summary>
/// <param name="Source">The recording, a file.</param>
/// <param name="OutputStem">Full path of the outputs without their extension.</param>
internal sealed record FolderItem(AudioSource Source, string OutputStem)
{
    /// <summary>Full path of the recording.</summary>
    public string SourcePath { get; } = Path.GetFullPath(Source.Name);

    public string OutputPath(TranscriptFormat format) => OutputStem + "." + TranscriptFormats.ExtensionOf(format);

    /// <summary>Whether every output exists and none is older than the audio.</summary>
    public bool IsDone(IEnumerable<TranscriptFormat> formats)
    {
        try
        {
            DateTime changed = new FileInfo(FileLinks.Resolve(SourcePath)).LastWriteTimeUtc;
            return formats.All(format => new FileInfo(FileLinks.Resolve(OutputPath(format))) is { Exists: true } output && output.LastWriteTimeUtc >= changed);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
