using System.Runtime.InteropServices;
using Steno.Tensors;

namespace Steno.Tests.Quantization;

/// <summary>Blocks that ggml wrote, the values they were made of, and the values that ggml reads in them.</summary>
internal static class GgmlGolden
{
    public const int RowCount = 8;

    public const int ColumnCount = 1024;

    public static float[] Input { get; } = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(PathOf("input.f32"))).ToArray();

    public static byte[] Blocks(DType type) => File.ReadAllBytes(PathOf(type + ".bin"));

    public static float[] Values(DType type) => MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(PathOf(type + ".f32"))).ToArray();

    private static string PathOf(string name) => Repository.PathOf("tests", "data", "ggml", name);
}
