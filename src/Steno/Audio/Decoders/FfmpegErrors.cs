namespace Steno.Audio.Decoders;

/// <summary>Takes in what ffmpeg writes on standard error: all of it is read, line by line.</summary>
internal static class FfmpegErrors
{
    /// <summary>Lines without an end cost no more than this.</summary>
    private const int MaxLineLength = 1024;

    /// <summary>Reads to the end; on a thread of its own.</summary>
    public static void ReadAll(TextReader reader, FfmpegReport report)
    {
        char[] line = new char[MaxLineLength];
        int length = 0;
        char[] buffer = new char[MaxLineLength];
        try
        {
            while (reader.Read(buffer, 0, buffer.Length) is > 0 and int count)
            {
                foreach (char character in buffer.AsSpan(0, count))
                {
                    if (character == '\n')
                    {
                        report.Add(new string(line, 0, length));
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

        report.Add(new string(line, 0, length));
    }
}
