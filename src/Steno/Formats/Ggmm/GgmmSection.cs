namespace Steno.Formats.Ggmm;

/// <summary>A part of a file.</summary>
/// <param name="Start">Where it starts.</param>
/// <param name="Length">Bytes of it.</param>
internal readonly record struct GgmmSection(int Start, int Length);
