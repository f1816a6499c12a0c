using System.Globalization;
using Steno.Tensors;

namespace Steno.Formats.Gguf;

/// <summary>A tensor type of GGML: its number, its name, and the size of its blocks.</summary>
/// <param name="Id">Number in the file.</param>
/// <param name="Name">GGML's name.</param>
/// <param name="BlockLength">Elements of a block; 0 where the layout is not published.</param>
/// <param name="BlockBytes">Bytes of a block.</param>
/// <param name="DType">The format by Steno's name; null where Steno does not compute with it.</param>
internal sealed record GgufTensorType(int Id, string Name, int BlockLength, int BlockBytes, DType? DType)
{
    private const int EndId = 43;

    private static readonly GgufTensorType?[] ById = Index(
    [
        Computed(0, Tensors.DType.F32), Computed(1, Tensors.DType.F16), Computed(2, Tensors.DType.Q4_0), Computed(3, Tensors.DType.Q4_1),
        Computed(6, Tensors.DType.Q5_0), Computed(7, Tensors.DType.Q5_1), Computed(8, Tensors.DType.Q8_0), Other(9, "Q8_1", 32, 36),
        Computed(10, Tensors.DType.Q2_K), Computed(11, Tensors.DType.Q3_K), Computed(12, Tensors.DType.Q4_K),
        Computed(13, Tensors.DType.Q5_K), Computed(14, Tensors.DType.Q6_K), Other(15, "Q8_K", 256, 292),
        Other(16, "IQ2_XXS", 256, 66), Other(17, "IQ2_XS", 256, 74), Other(18, "IQ3_XXS", 256, 98), Other(19, "IQ1_S", 256, 50),
        Computed(20, Tensors.DType.IQ4_NL), Other(21, "IQ3_S", 256, 110), Other(22, "IQ2_S", 256, 82), Computed(23, Tensors.DType.IQ4_XS),
        Other(24, "I8", 1, 1), Other(25, "I16", 1, 2), Other(26, "I32", 1, 4), Other(27, "I64", 1, 8), Other(28, "F64", 1, 8),
        Other(29, "IQ1_M", 256, 56), Computed(30, Tensors.DType.BF16), Other(34, "TQ1_0", 256, 54), Other(35, "TQ2_0", 256, 66),
        Other(39, "MXFP4", 32, 17), Other(40, "NVFP4", 64, 36), Other(41, "Q1_0", 0, 0), Other(42, "Q2_0", 0, 0),
    ]);

    /// <summary>The types that Steno computes with, for messages.</summary>
    public static string Readable { get; } =
        "one of " + string.Join(", ", ById.Where(type => type?.DType is not null).Select(type => type!.Name));

    /// <summary>Finds a type by its number.</summary>
    /// <returns>Null for a number that GGML does not use, or no longer.</returns>
    public static GgufTensorType? Find(int id) => id is >= 0 and < EndId ? ById[id] : null;

    /// <summary>The type of a format that Steno computes with.</summary>
    public static GgufTensorType Of(DType type) => Array.Find(ById, entry => entry?.DType == type)!;

    private static GgufTensorType Computed(int id, DType type)
    {
        DTypeInfo info = DTypeInfo.Of(type);
        return new GgufTensorType(id, type.ToString(), info.BlockLength, info.BlockBytes, type);
    }

    private static GgufTensorType Other(int id, string name, int blockLength, int blockBytes) => new(id, name, blockLength, blockBytes, null);

    private static GgufTensorType?[] Index(GgufTensorType[] types)
    {
        var byId = new GgufTensorType?[EndId];
        foreach (GgufTensorType type in types) byId[type.Id] = type;
        return byId;
    }

    /// <summary>Name and number, for messages.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name} ({Id})");
}
