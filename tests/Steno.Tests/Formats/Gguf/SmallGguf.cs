namespace Steno.Tests.Formats.Gguf;

/// <summary>A small file with a value of every type and tensors of many, to be read, and to be damaged.</summary>
internal static class SmallGguf
{
    public static GgufTestWriter Create()
    {
        var random = new Random(1);
        byte[] floats = [.. Enumerable.Range(0, 64).SelectMany(_ => BitConverter.GetBytes(random.NextSingle()))];
        byte[] halves = [.. Enumerable.Range(0, 64).SelectMany(_ => BitConverter.GetBytes((Half)random.NextSingle()))];
        return Values()
            .Tensor("token_embd.weight", [2, 32], 8, Blocks(random, 2, 34))
            .Tensor("blk.0.attn_q.weight", [1, 256], 12, Blocks(random, 1, 144))
            .Tensor("blk.0.attn_k.weight", [2, 32], 2, Blocks(random, 2, 18))
            .Tensor("audio.conv.1.weight", [4, 1, 2, 8], 1, halves)
            .Tensor("output_norm.weight", [64], 0, floats)
            .Tensor("position_ids", [3], 26, new byte[12])
            .Tensor("strange", [256], 17, new byte[74]);
    }

    /// <summary>The key-value pairs alone.</summary>
    public static GgufTestWriter Values() => new GgufTestWriter()
        .Text("general.architecture", "qwen3asr")
        .Raw("a.u8", 0, [200]).Raw("a.i8", 1, [200]).Raw("a.u16", 2, [1, 200]).Raw("a.i16", 3, [1, 200])
        .Number("a.u32", 4_000_000_000).Raw("a.i32", 5, [255, 255, 255, 255]).Single("a.f32", 1e-6f).Bool("a.bool", true)
        .Raw("a.u64", 10, GgufTestWriter.UInt64(ulong.MaxValue)).Raw("a.i64", 11, GgufTestWriter.UInt64(unchecked((ulong)-5L))).Raw("a.f64", 12, BitConverter.GetBytes(0.1))
        .Text("a.text", "Grüße").Texts("tokenizer.ggml.tokens", ["a", string.Empty, "Ġb"]).Integers("tokenizer.ggml.token_type", [1, -1, 3])
        .Raw("a.bools", 9, [.. GgufTestWriter.UInt32(7), .. GgufTestWriter.UInt64(3), 1, 0, 1])
        .Number("general.quantization_version", 2).Number("general.alignment", 32);

    // Scales that are numbers, codes that are anything.
    private static byte[] Blocks(Random random, int count, int blockBytes)
    {
        byte[] data = new byte[count * blockBytes];
        random.NextBytes(data);
        for (int i = 0; i < count; i++)
        {
            BitConverter.GetBytes((Half)random.NextSingle()).CopyTo(data, i * blockBytes);
            BitConverter.GetBytes((Half)random.NextSingle()).CopyTo(data, (i * blockBytes) + 2);
        }

        return data;
    }
}
