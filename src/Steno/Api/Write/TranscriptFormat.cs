namespace Steno;

/// <summary>The form of a written transcript.</summary>
internal enum TranscriptFormat
{
    Text,
    Json,
}
