namespace Steno;

/// <summary>Turns transcripts into bytes of a format.</summary>
internal abstract class TranscriptWriter
{
    /// <summary>True when the pieces of text are to be written as they come.</summary>
    public abstract bool IsStreaming { get; }

    /// <summary>Writes a piece of text as it is decoded.</summary>
    public abstract void WritePiece(string audioName, string piece);

    /// <summary>Writes what is left of a finished transcript.</summary>
    public abstract void Complete(string audioName, string modelName, Transcript transcript);

    /// <summary>Closes what a transcription left open that ended in a fault.</summary>
    public abstract void Abandon();
}
