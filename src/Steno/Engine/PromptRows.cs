using Steno.Decoding;
using Steno.Model;

namespace Steno.Engine;

/// <summary>The rows of a prompt: tokens, and rows of encoded windows in the audio slots. Holds the windows until it is disposed.</summary>
internal sealed unsafe class PromptRows : IDisposable
{
    private readonly int[] _ids;
    private readonly int _audioStart;
    private readonly EncodedWindow[] _windows;

    // Addresses of the audio rows.
    private readonly nint[] _audio;
    private bool _isDisposed;

    /// <summary>Puts windows into the slots of a prompt.</summary>
    /// <param name="prompt">The prompt.</param>
    /// <param name="windows">Windows of the clip in order, with as many rows together as the prompt has slots; the caller keeps its references.</param>
    public PromptRows(Prompt prompt, IReadOnlyList<EncodedWindow> windows)
    {
        _ids = prompt.Ids;
        _audioStart = prompt.AudioStart;
        _audio = new nint[prompt.AudioTokenCount];
        _windows = [.. windows];
        if (windows.Sum(window => window.RowCount) != _audio.Length)
            throw new ArgumentException($"The windows have {windows.Sum(window => window.RowCount)} rows for {_audio.Length} audio slots.", nameof(windows));
        int row = 0;
        foreach (EncodedWindow window in _windows)
        {
            window.AddReference();
            for (int i = 0; i < window.RowCount; i++) _audio[row++] = (nint)(window.Rows + ((long)i * window.Width));
        }
    }

    /// <summary>Rows of the prompt.</summary>
    public int Count => _ids.Length;

    /// <summary>Adds a row to a batch, at the position of its index.</summary>
    public void AddTo(RaggedBatch batch, KvCache cache, int index)
    {
        if (AudioRow(index) is not 0 and var row) batch.AddEmbedding(cache, index, (float*)row);
        else batch.AddToken(cache, index, _ids[index]);
    }

    /// <summary>Whether a row is one of another prompt's: the same token, or the same row of the same window.</summary>
    public bool IsSame(int index, PromptRows other) => _ids[index] == other._ids[index] && AudioRow(index) == other.AudioRow(index);

    /// <summary>Whether a row is a token.</summary>
    public bool IsToken(int index, int id) => _ids[index] == id && AudioRow(index) == 0;

    public void Dispose()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        foreach (EncodedWindow window in _windows) window.Release();
    }

    private nint AudioRow(int index)
    {
        int row = index - _audioStart;
        return (uint)row < (uint)_audio.Length ? _audio[row] : 0;
    }
}
