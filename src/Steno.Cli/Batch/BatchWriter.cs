using Steno.Cli.Output;
using Steno.Files;

namespace Steno.Cli.Batch;

/// <summary>Writes one transcript in every wanted format, each into a file of its own.</summary>
internal sealed class BatchWriter : TranscriptWriter, IDisposable
{
    private readonly List<OutputFile> _files = [];
    private readonly List<TranscriptWriter> _writers = [];

    /// <summary>Makes the folder of the outputs and proves that they can be written.</summary>
    /// <exception cref="CommandException">They cannot.</exception>
    public BatchWriter(BatchItem item, IEnumerable<TranscriptFormat> formats)
    {
        MakeFolder(Path.GetDirectoryName(item.OutputStem)!);
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

    public override bool IsStreaming => false;

    /// <summary>Makes a folder with all that it lies in.</summary>
    /// <exception cref="CommandException">It cannot be made.</exception>
    public static void MakeFolder(string folder)
    {
        try
        {
            if (FileNames.IsLost(folder)) throw new IOException(FileNames.Problem);
            Directory.CreateDirectory(folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(ExitCode.Output, $"{folder}: the folder cannot be made: {FileFault.ReasonOf(exception)}", exception);
        }
    }

    public override void WritePiece(string audioName, string piece) => throw new InvalidOperationException("Files are written whole.");

    public override void Complete(string audioName, string modelName, Transcript transcript)
    {
        foreach (TranscriptWriter writer in _writers)
            writer.Complete(audioName, modelName, transcript);
    }

    public override void Abandon()
    {
    }

    public void Dispose()
    {
        foreach (OutputFile file in _files)
            file.Dispose();
    }
}
