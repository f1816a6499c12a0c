namespace Steno;

/// <summary>Writes one transcript in every wanted format, each into a file of its own.</summary>
internal sealed class FolderItemFiles : IDisposable
{
    private readonly List<OutputFile> _files = [];
    private readonly List<TranscriptWriter> _writers = [];

    /// <summary>Makes the folder of the outputs and proves that they can be written.</summary>
    /// <exception cref="OutputException">They cannot.</exception>
    public FolderItemFiles(FolderItem item, IEnumerable<TranscriptFormat> formats)
    {
        OutputFolder.Make(Path.GetDirectoryName(item.OutputStem)!);
        try
        {
            foreach (TranscriptFormat format in formats)
            {
                OutputFile file = OutputFile.Probe(item.OutputPath(format));
                _files.Add(file);
                _writers.Add(TranscriptFormats.WriterOf(format, bytes => file.Replace(bytes.Span), isStreaming: false, hasSeveralFiles: false));
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Writes the transcript.</summary>
    /// <exception cref="OutputException">It cannot be written; a file that was there is as it was before.</exception>
    public void Write(AudioSource source, ModelInfo model, Transcript transcript)
    {
        foreach (TranscriptWriter writer in _writers)
            writer.Complete(source.Name, model.Name, transcript);
    }

    public void Dispose()
    {
        foreach (OutputFile file in _files)
            file.Dispose();
    }
}
