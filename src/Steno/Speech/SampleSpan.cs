namespace Steno.Speech;

/// <summary>A stretch of speech in a recording, in samples at 16 kHz.</summary>
/// <param name="Start">First sample.</param>
/// <param name="End">The sample behind the last.</param>
internal readonly record struct SampleSpan(long Start, long End)
{
    public long Length => End - Start;
}
