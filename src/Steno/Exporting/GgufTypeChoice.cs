using Steno.Tensors;

namespace Steno.Exporting;

/// <summary>The number format of a tensor in a GGUF file.</summary>
/// <param name="Type">The format.</param>
/// <param name="Wanted">What the mixture asks for: another one where rows are no whole number of its blocks.</param>
internal readonly record struct GgufTypeChoice(DType Type, DType Wanted);
