namespace Steno.Cli.Output;

/// <summary>How spans of speech are written.</summary>
internal enum SpeechFormat
{
    Text,
    Json,
    Rttm,
}
