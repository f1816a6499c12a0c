namespace Steno.Packagings;

/// <summary>A packaging of a checkpoint: which matrices it quantises and how, what it calls tensors, and what its config.json says of it.</summary>
/// <param name="Name">As the command line takes it.</param>
/// <param name="Encode">Encodes a matrix of this width, by its module's name in the files; null for one that stays plain.</param>
/// <param name="Quantization">What config.json gets as <c>quantization</c> (MLX) or <c>quantization_config</c>; null for nothing.</param>
internal sealed record Family(string Name, Func<string, float[], int, StoredMatrix?> Encode, string? Quantization)
{
    /// <summary>True for the names without their first part, and kernels with the channels last.</summary>
    public bool IsMlx { get; init; }

    /// <summary>Tensors that lie beside a matrix that stays plain.</summary>
    public Func<string, IEnumerable<OutputTensor>> Beside { get; init; } = _ => [];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Family> All { get; } =
    [
        .. new[] { 2, 3, 4, 5, 6, 8 }.Select(bits => Mlx($"mlx-{bits}", bits, 64, "BF16")),
        Mlx("mlx-4-g32", 4, 32, "F16"),
        Mlx("mlx-4-g128", 4, 128, "F32"),
        Mlx("mlx-8-g32", 8, 32, "BF16"),
        new("mlx-mixed", MlxMixed, """{"group_size":64,"bits":4,"model.layers.0.mlp.down_proj":{"group_size":64,"bits":8}}""") { IsMlx = true },
        new("mlx-decoder", (module, values, columns) => IsAudio(module) ? null : MlxMatrices.Affine(module, values, columns, 4, 64, "BF16"), """{"group_size":64,"bits":4,"mode":"affine"}""") { IsMlx = true },
        new("mlx-bf16", (_, _, _) => null, null) { IsMlx = true },
        MlxFloats("mxfp4", 32, 4),
        MlxFloats("nvfp4", 16, 4),
        MlxFloats("mxfp8", 32, 8),
        Server("modelopt-fp8", "FP8", (module, values, columns) => ServerMatrices.Fp8(module, values, columns, "scalar")),
        Server("modelopt-fp8-one", "FP8", (module, values, columns) => ServerMatrices.Fp8(module, values, columns, "one")),
        Server("modelopt-fp8-rows", "FP8_PER_CHANNEL_PER_TOKEN", (module, values, columns) => ServerMatrices.Fp8(module, values, columns, "rows")),
        Server("modelopt-int8", "W8A8_SQ_PER_CHANNEL", (module, values, columns) => ServerMatrices.Int8(module, values, columns, hasZeroPoints: false)),
        Server("modelopt-nvfp4", "NVFP4", (module, values, columns) => ServerMatrices.Nvfp4(module, values, columns, isPacked: false)),
        Server("modelopt-mxfp8", "MXFP8", ServerMatrices.Mxfp8),
        Server("modelopt-int4", "W4A16_AWQ", (module, values, columns) => ServerMatrices.RowPairs(module, values, columns, 128, isSmoothed: false)),
        Server("modelopt-awq", "W4A16_AWQ", (module, values, columns) => ServerMatrices.RowPairs(module, values, columns, 128, isSmoothed: true)),
        Server("modelopt-fake", "FP8", (_, _, _) => null) with { Beside = module => [new OutputTensor(module + ".weight_quantizer._amax", "F32", [], Numbers.Bytes("F32", [1f])), new OutputTensor(module + ".input_quantizer._amax", "F32", [], Numbers.Bytes("F32", [2f]))] },
        new("fp8-squares", Decoder((module, values, columns) => ServerMatrices.Fp8(module, values, columns, "squares")), """{"quant_method":"fp8","weight_block_size":[128,128],"activation_scheme":"dynamic"}"""),
        Compressed("ct-fp8", "float-quantized", (module, values, columns) => ServerMatrices.Fp8(module, values, columns, "columns")),
        Compressed("ct-int8", "int-quantized", (module, values, columns) => ServerMatrices.Int8(module, values, columns, hasZeroPoints: true)),
        Compressed("ct-nvfp4", "nvfp4-pack-quantized", (module, values, columns) => ServerMatrices.Nvfp4(module, values, columns, isPacked: true)),
        Compressed("ct-mxfp4", "mxfp4-pack-quantized", ServerMatrices.Mxfp4),
        Compressed("ct-w4", "pack-quantized", (module, values, columns) => ServerMatrices.Packed(module, values, columns, 4, 128, hasZeroPoints: false, isReordered: false)),
        Compressed("ct-w4-zero", "pack-quantized", (module, values, columns) => ServerMatrices.Packed(module, values, columns, 4, 64, hasZeroPoints: true, isReordered: false)),
        Compressed("ct-w4-reordered", "pack-quantized", (module, values, columns) => ServerMatrices.Packed(module, values, columns, 4, 128, hasZeroPoints: true, isReordered: true)),
        Compressed("ct-w4-g32", "pack-quantized", (module, values, columns) => ServerMatrices.Packed(module, values, columns, 4, 32, hasZeroPoints: false, isReordered: false)),
        Compressed("ct-w8", "pack-quantized", (module, values, columns) => ServerMatrices.Packed(module, values, columns, 8, 0, hasZeroPoints: false, isReordered: false)),
        Compressed("ct-w3", "pack-quantized", (module, values, columns) => ServerMatrices.Packed(module, values, columns, 3, 128, hasZeroPoints: true, isReordered: false)),
    ];

    private static bool IsAudio(string module) => module.Contains("audio_tower", StringComparison.Ordinal);

    private static Family Mlx(string name, int bits, int width, string scaleType) =>
        new(name, (module, values, columns) => columns % width == 0 ? MlxMatrices.Affine(module, values, columns, bits, width, scaleType) : null, $$"""{"group_size":{{width}},"bits":{{bits}},"mode":"affine"}""") { IsMlx = true };

    private static Family MlxFloats(string mode, int width, int bits) =>
        new(mode, (module, values, columns) => MlxMatrices.Floats(module, values, columns, mode), $$"""{"group_size":{{width}},"bits":{{bits}},"mode":"{{mode}}"}""") { IsMlx = true };

    // The tower in 8 bits, the decoder in 4, in some layers 6 beside them, one value projection left plain.
    private static StoredMatrix? MlxMixed(string module, float[] values, int columns)
    {
        if (module.EndsWith("layers.1.self_attn.v_proj", StringComparison.Ordinal)) return null;
        int bits = IsAudio(module) || module.EndsWith("down_proj", StringComparison.Ordinal) ? 8 : module.EndsWith("k_proj", StringComparison.Ordinal) ? 6 : 4;
        return MlxMatrices.Affine(module, values, columns, bits, 64, "BF16");
    }

    // Servers quantise the decoder's layers alone.
    private static Func<string, float[], int, StoredMatrix?> Decoder(Func<string, float[], int, StoredMatrix?> encode) =>
        (module, values, columns) => module.Contains(".model.layers.", StringComparison.Ordinal) ? encode(module, values, columns) : null;

    private static Family Server(string name, string algorithm, Func<string, float[], int, StoredMatrix?> encode) =>
        new(name, Decoder(encode), $$"""{"quant_method":"modelopt","quant_algo":"{{algorithm}}","producer":{"name":"modelopt","version":"0.39.0"},"ignore":["thinker.lm_head"],"kv_cache_scheme":null}""");

    private static Family Compressed(string name, string format, Func<string, float[], int, StoredMatrix?> encode) =>
        new(name, Decoder(encode), $$$"""{"quant_method":"compressed-tensors","format":"{{{format}}}","quantization_status":"compressed","config_groups":{"group_0":{"targets":["Linear"]}},"transform_config":{},"sparsity_config":{}}""");
}
