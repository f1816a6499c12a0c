namespace Steno.Tests.Support;

/// <summary>A sentence of a talk, and where it is said.</summary>
/// <param name="Text">What is said.</param>
/// <param name="Language">The language as the model names it.</param>
/// <param name="Voice">Whose voice it is.</param>
/// <param name="Stretch">Number of the stretch of one voice and one language.</param>
/// <param name="Start">First sample of its recording, at 16 kHz.</param>
/// <param name="End">The sample behind its last.</param>
/// <param name="Words">First sample of each word, and the sample behind its last.</param>
internal sealed record TalkSentence(string Text, string Language, string Voice, int Stretch, long Start, long End, IReadOnlyList<(string Word, long Start, long End)> Words);
