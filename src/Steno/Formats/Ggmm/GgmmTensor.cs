using Steno.Formats.Gguf;

namespace Steno.Formats.Ggmm;

/// <summary>One tensor of a file.</summary>
/// <param name="Name">Name in the file.</param>
/// <param name="Type">Its type: the numbers are GGML's.</param>
/// <param name="Shape">Dimensions, outermost first.</param>
/// <param name="Offset">Where its bytes start in the file.</param>
/// <param name="ByteCount">How many they are.</param>
internal sealed record GgmmTensor(string Name, GgufTensorType Type, long[] Shape, long Offset, long ByteCount);
