namespace Steno.Audio.Decoders;

/// <summary>Takes in what ffmpeg writes on standard error: all of it is read, a few lines are kept.</summary>
internal sealed class FfmpegErrors
{
    private const string Refusal = "it is of a kind that Steno does not have decoded, such as a playlist, a picture or subtitles";

    private readonly Lock _lock = new();
    private bool _isRefused;
    private string? _first;
    private string? _last;

    /// <summary>What was wrong, in one line of bounded length; null when nothing was.</summary>
    public string? Summary
    {
        get
        {
            lock (_lock)
                return _isRefused ? Refusal : _first == _last ? _first : $"{_first}; {_last}";
        }
    }

    /// <summary>Whether the audio track that was asked for does not exist.</summary>
    public bool IsTrackMissing { get; private set; }

    /// <summary>Reads to the end; on a thread of its own.</summary>
    public void ReadAll(TextReader reader)
    {
        // Lines without an end cost no more than this.
        char[] line = new char[1024];
        int length = 0;
        char[] buffer = new char[1024];
        try
        {
            while (reader.Read(buffer, 0, buffer.Length) is > 0 and int count)
            {
                foreach (char character in buffer.AsSpan(0, count))
                {
                    if (character == '\n')
                    {
                        Add(new string(line, 0, length));
                        length = 0;
                    }
                    else if (length < line.Length)
                    {
                        line[length++] = character;
                    }
                }
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The process was given up: nobody asks any more.
        }

        Add(new string(line, 0, length));
    }

    private void Add(string line)
    {
        string text = ErrorText.Clean(WithoutContext(line));
        if (text.Length == 0 || IsOfNoConsequence(line)) return;
        lock (_lock)
        {
            // What follows in that line are the kinds that it does.
            _isRefused |= text.StartsWith("Format not on whitelist", StringComparison.Ordinal);
            IsTrackMissing |= text.Contains("matches no streams", StringComparison.Ordinal);
            _first ??= text;
            _last = text;
        }
    }

    // "[mov,mp4 @ 0x55d0c8] text" and "[mov,mp4 @ 0x55d0c8] [error] text".
    private static string WithoutContext(string line)
    {
        while (line.StartsWith('[') && line.IndexOf("] ", StringComparison.Ordinal) is > 0 and int end)
            line = line[(end + 2)..];
        return line;
    }

    // Time stamps matter to the WAV that it writes no more than that it was told to do what follows.
    private static bool IsOfNoConsequence(string line) =>
        line.StartsWith("[wav @", StringComparison.Ordinal)
        || line.StartsWith("To ignore this, add a trailing '?'", StringComparison.Ordinal)
        || line.StartsWith("Conversion failed!", StringComparison.Ordinal);
}
