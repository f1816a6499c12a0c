namespace Steno.Decoding;

/// <summary>What the model wrote, taken apart.</summary>
/// <param name="Language">The language that the model named or that was forced; empty when neither.</param>
/// <param name="Text">The text; empty when there was no speech.</param>
/// <param name="IsRepetitionCollapsed">True when <see cref="RepetitionFixer"/> changed something.</param>
internal sealed record ParsedTranscript(string Language, string Text, bool IsRepetitionCollapsed);
