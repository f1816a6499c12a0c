using System.Text;

namespace Steno;

/// <summary>Plain text: one newline after each file; with several files a line <c>==&gt; FILE &lt;==</c> before each and a blank line between.</summary>
/// <param name="write">Takes the UTF-8 bytes of a piece; called once for each file unless streaming.</param>
/// <param name="isStreaming">True to write pieces as they come; false to write the final text only.</param>
/// <param name="hasSeveralFiles">True to name each file.</param>
internal sealed class TranscriptTextWriter(Action<ReadOnlyMemory<byte>> write, bool isStreaming, bool hasSeveralFiles) : TranscriptWriter
{
    private bool _isFirstFile = true;
    private bool _isInsideFile;

    public override bool IsStreaming => isStreaming;

    public override void WritePiece(string audioName, string piece)
    {
        Begin(audioName);
        Write(piece);
    }

    public override void Complete(string audioName, string modelName, Transcript transcript)
    {
        Begin(audioName);
        Write(isStreaming ? "\n" : transcript.Text + "\n");
        _isInsideFile = false;
    }

    public override void Abandon()
    {
        if (_isInsideFile)
            Write("\n");
        _isInsideFile = false;
    }

    private void Begin(string audioName)
    {
        if (_isInsideFile)
            return;
        if (hasSeveralFiles)
            Write((_isFirstFile ? "" : "\n") + "==> " + OneLine.Of(audioName) + " <==\n");
        _isInsideFile = true;
        _isFirstFile = false;
    }

    private void Write(string text) => write(Encoding.UTF8.GetBytes(text));
}
