using Steno.Cli.Output;

namespace Steno.Cli.Batch;

/// <summary>The recording whose turn it is, which shows signs of life.</summary>
internal sealed class WatchedItem(TranscribeLog log) : IDisposable
{
    private IDisposable? _watch;
    private int _characterCount;

    /// <summary>The recording; null between two of them.</summary>
    public FolderItem? Item { get; private set; }

    public void Hear(FolderProgress progress)
    {
        switch (progress.Phase)
        {
            case FolderPhase.Started:
                Item = progress.Item;
                _characterCount = 0;
                _watch = log.Watch(progress.Item.Source.Name, () => $"{_characterCount} characters of text so far");
                break;
            case FolderPhase.Decoded:
                _characterCount += progress.Piece.Length;
                break;
            default:
                Dispose();
                Item = null;
                break;
        }
    }

    public void Dispose()
    {
        _watch?.Dispose();
        _watch = null;
    }
}
