namespace Steno.Packagings;

/// <summary>Matrices as ModelOpt and compressed-tensors store them for servers.</summary>
internal static class ServerMatrices
{
    /// <summary>E4M3 with one scale for each part of the matrix.</summary>
    /// <param name="module">Name of the module.</param>
    /// <param name="values">The matrix.</param>
    /// <param name="columns">Its width.</param>
    /// <param name="parts">scalar: shape []; one: shape [1]; rows: [out]; columns: [out, 1]; squares: weight_scale_inv of 128 x 128.</param>
    public static StoredMatrix Fp8(string module, float[] values, int columns, string parts)
    {
        int rows = values.Length / columns;
        int across = (columns + 127) / 128;
        int PartOf(int i) => parts switch
        {
            "scalar" or "one" => 0,
            "squares" => (i / columns / 128 * across) + (i % columns / 128),
            _ => i / columns,
        };
        int count = parts switch { "scalar" or "one" => 1, "squares" => (rows + 127) / 128 * across, _ => rows };
        float[] scales = new float[count];
        for (int i = 0; i < values.Length; i++) scales[PartOf(i)] = Math.Max(scales[PartOf(i)], Math.Abs(values[i]) / 448);
        for (int i = 0; i < count; i++) scales[i] = Math.Max(scales[i], 1e-12f);
        byte[] codes = new byte[values.Length];
        float[] stood = new float[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            float scale = scales[PartOf(i)];
            codes[i] = Numbers.ToE4M3(values[i] / (double)scale);
            stood[i] = (float)Numbers.E4M3(codes[i]) * scale;
        }

        long[] shape = parts switch { "scalar" => [], "one" => [1], "rows" => [rows], "columns" => [rows, 1], _ => [(rows + 127) / 128, across] };
        return new StoredMatrix(
            [
                new OutputTensor(module + ".weight", "F8_E4M3", [rows, columns], codes),
                new OutputTensor(module + (parts == "squares" ? ".weight_scale_inv" : ".weight_scale"), "F32", shape, Numbers.Bytes("F32", scales)),
                new OutputTensor(module + ".input_scale", "F32", [], Numbers.Bytes("F32", [0.01f])),
            ],
            stood);
    }

    /// <summary>Signed bytes with one scale for each row, and with zero points where they are not symmetric.</summary>
    public static StoredMatrix Int8(string module, float[] values, int columns, bool hasZeroPoints)
    {
        int rows = values.Length / columns;
        float[] scales = new float[rows];
        sbyte[] zeros = new sbyte[rows];
        byte[] codes = new byte[values.Length];
        float[] stood = new float[values.Length];
        for (int row = 0; row < rows; row++)
        {
            float[] line = values[(row * columns)..((row + 1) * columns)];
            (scales[row], int zero) = Levels(line, 8, hasZeroPoints, "F32");
            zeros[row] = (sbyte)zero;
            for (int i = 0; i < columns; i++)
            {
                int code = (int)Math.Clamp(Math.Round(line[i] / (double)scales[row]) + zero, -128, 127);
                codes[(row * columns) + i] = (byte)code;
                stood[(row * columns) + i] = scales[row] * (code - zero);
            }
        }

        List<OutputTensor> tensors =
        [
            new OutputTensor(module + ".weight", "I8", [rows, columns], codes),
            new OutputTensor(module + ".weight_scale", "F32", hasZeroPoints ? [rows, 1] : [rows], Numbers.Bytes("F32", scales)),
        ];
        if (hasZeroPoints) tensors.Add(new OutputTensor(module + ".weight_zero_point", "I8", [rows, 1], [.. zeros.Select(zero => (byte)zero)]));
        return new StoredMatrix(tensors, stood);
    }

    /// <summary>ModelOpt's 4-bit integers: row 2r in the low and row 2r + 1 in the high half of a byte, two's complement.</summary>
    public static StoredMatrix RowPairs(string module, float[] values, int columns, int groupWidth, bool isSmoothed)
    {
        int rows = values.Length / columns;
        float[] factors = [.. Enumerable.Range(0, columns).Select(i => isSmoothed ? 0.5f + (i % 7 / 4f) : 1)];
        float[] smoothed = [.. values.Select((value, i) => value / factors[i % columns])];
        (int[] codes, float[] scales, _, float[] stood) = Integers(smoothed, columns, 4, groupWidth, hasZeroPoints: false, groupOfColumn: null);
        byte[] bytes = new byte[values.Length / 2];
        for (int pair = 0; pair < rows / 2; pair++)
        {
            for (int i = 0; i < columns; i++)
                bytes[(pair * columns) + i] = (byte)((codes[(2 * pair * columns) + i] & 15) | ((codes[(((2 * pair) + 1) * columns) + i] & 15) << 4));
        }

        List<OutputTensor> tensors =
        [
            new OutputTensor(module + ".weight", "U8", [rows / 2, columns], bytes),
            new OutputTensor(module + ".weight_scale", "F32", [rows, columns / groupWidth], Numbers.Bytes("F32", scales)),
        ];
        if (isSmoothed) tensors.Add(new OutputTensor(module + ".pre_quant_scale", "F32", [columns], Numbers.Bytes("F32", factors)));
        return new StoredMatrix(tensors, isSmoothed ? [.. stood.Select((value, i) => value * factors[i % columns])] : stood);
    }

    /// <summary>E2M1, the even column in the low half of a byte, with scales for 16 columns and one for all.</summary>
    /// <param name="module">Name of the module.</param>
    /// <param name="values">The matrix.</param>
    /// <param name="columns">Its width.</param>
    /// <param name="isPacked">True for the names of compressed-tensors, which divides by the common scale; false for ModelOpt's, which multiplies.</param>
    public static StoredMatrix Nvfp4(string module, float[] values, int columns, bool isPacked)
    {
        int rows = values.Length / columns;
        float divisor = 448 * 6 / Math.Max(values.Max(Math.Abs), 1e-12f);
        float factor = 1 / divisor;
        FloatGroups groups = FloatGroups.Encode(values, "nvfp4", isPacked ? 1 / divisor : factor);
        byte[] bytes = [.. groups.Codes.Chunk(2).Select(pair => (byte)(pair[0] | (pair[1] << 4)))];
        return new StoredMatrix(
            [
                new OutputTensor(module + (isPacked ? ".weight_packed" : ".weight"), "U8", [rows, columns / 2], bytes),
                new OutputTensor(module + ".weight_scale", "F8_E4M3", [rows, columns / 16], groups.Scales),
                new OutputTensor(module + (isPacked ? ".weight_global_scale" : ".weight_scale_2"), "F32", isPacked ? [1] : [], Numbers.Bytes("F32", [isPacked ? divisor : factor])),
                new OutputTensor(module + (isPacked ? ".input_global_scale" : ".input_scale"), "F32", isPacked ? [1] : [], Numbers.Bytes("F32", [2f])),
            ],
            groups.Values);
    }

    /// <summary>E2M1 with a power of two for 32 columns, by compressed-tensors.</summary>
    public static StoredMatrix Mxfp4(string module, float[] values, int columns)
    {
        int rows = values.Length / columns;
        FloatGroups groups = FloatGroups.Encode(values, "mxfp4", factor: 1);
        return new StoredMatrix(
            [
                new OutputTensor(module + ".weight_packed", "U8", [rows, columns / 2], [.. groups.Codes.Chunk(2).Select(pair => (byte)(pair[0] | (pair[1] << 4)))]),
                new OutputTensor(module + ".weight_scale", "U8", [rows, columns / 32], groups.Scales),
            ],
            groups.Values);
    }

    /// <summary>E4M3 with a power of two for 32 columns, by ModelOpt.</summary>
    public static StoredMatrix Mxfp8(string module, float[] values, int columns)
    {
        int rows = values.Length / columns;
        FloatGroups groups = FloatGroups.Encode(values, "mxfp8", factor: 1);
        return new StoredMatrix(
            [
                new OutputTensor(module + ".weight", "F8_E4M3", [rows, columns], groups.Codes),
                new OutputTensor(module + ".weight_scale", "U8", [rows, columns / 32], groups.Scales),
            ],
            groups.Values);
    }

    /// <summary>Integers of compressed-tensors in words of 32 bits.</summary>
    /// <param name="module">Name of the module.</param>
    /// <param name="values">The matrix.</param>
    /// <param name="columns">Its width.</param>
    /// <param name="bits">Bits of a code.</param>
    /// <param name="groupWidth">Columns of a group; 0 for a whole row.</param>
    /// <param name="hasZeroPoints">True for zero points, packed down the rows.</param>
    /// <param name="isReordered">True for groups of columns that are not neighbours.</param>
    public static StoredMatrix Packed(string module, float[] values, int columns, int bits, int groupWidth, bool hasZeroPoints, bool isReordered)
    {
        int rows = values.Length / columns;
        int width = groupWidth == 0 ? columns : groupWidth;
        int groups = columns / width;
        int[]? groupOfColumn = isReordered ? [.. Enumerable.Range(0, columns).Select(i => i * 5 % columns / width)] : null;
        (int[] codes, float[] scales, int[] zeros, float[] stood) = Integers(values, columns, bits, width, hasZeroPoints, groupOfColumn);
        int offset = 1 << (bits - 1);
        byte[] words = [.. codes.Chunk(columns).SelectMany(row => Numbers.Words([.. row.Select(code => code + offset)], bits))];
        List<OutputTensor> tensors =
        [
            new OutputTensor(module + ".weight_packed", "I32", [rows, ((long)columns * bits / 32) + (columns * bits % 32 == 0 ? 0 : 1)], words),
            new OutputTensor(module + ".weight_scale", "BF16", [rows, groups], Numbers.Bytes("BF16", scales)),
            new OutputTensor(module + ".weight_shape", "I64", [2], [.. BitConverter.GetBytes((long)rows), .. BitConverter.GetBytes((long)columns)]),
        ];
        if (hasZeroPoints) tensors.Add(ZeroPoints(module, zeros, rows, groups, bits));
        if (groupOfColumn is not null) tensors.Add(new OutputTensor(module + ".weight_g_idx", "I32", [columns], [.. groupOfColumn.SelectMany(BitConverter.GetBytes)]));
        return new StoredMatrix(tensors, stood);
    }

    // Each column of groups is packed by itself, down the rows; the words of all columns lie side by side.
    private static OutputTensor ZeroPoints(string module, int[] zeros, int rows, int groups, int bits)
    {
        int height = ((rows * bits) + 31) / 32;
        byte[] data = new byte[height * groups * 4];
        for (int group = 0; group < groups; group++)
        {
            byte[] column = Numbers.Words([.. Enumerable.Range(0, rows).Select(row => zeros[(row * groups) + group] + (1 << (bits - 1)))], bits);
            for (int word = 0; word < height; word++) Array.Copy(column, word * 4, data, ((word * groups) + group) * 4, 4);
        }

        return new OutputTensor(module + ".weight_zero_point", "I32", [height, groups], data);
    }

    private static (int[] Codes, float[] Scales, int[] Zeros, float[] Values) Integers(float[] values, int columns, int bits, int width, bool hasZeroPoints, int[]? groupOfColumn)
    {
        int rows = values.Length / columns;
        int groups = columns / width;
        int[] codes = new int[values.Length];
        float[] scales = new float[rows * groups];
        int[] zeros = new int[rows * groups];
        float[] stood = new float[values.Length];
        for (int row = 0; row < rows; row++)
        {
            for (int group = 0; group < groups; group++)
            {
                IEnumerable<int> members = groupOfColumn is null ? Enumerable.Range(group * width, width) : Enumerable.Range(0, columns).Where(i => groupOfColumn[i] == group);
                int[] places = [.. members.Select(i => (row * columns) + i)];
                int index = (row * groups) + group;
                (scales[index], zeros[index]) = Levels([.. places.Select(place => values[place])], bits, hasZeroPoints, "BF16");
                foreach (int place in places)
                {
                    int code = (int)Math.Clamp(Math.Round(values[place] / (double)scales[index]) + zeros[index], -(1 << (bits - 1)), (1 << (bits - 1)) - 1);
                    codes[place] = code;
                    stood[place] = scales[index] * (code - zeros[index]);
                }
            }
        }

        return (codes, scales, zeros, stood);
    }

    private static (float Scale, int Zero) Levels(float[] values, int bits, bool hasZeroPoints, string scaleType)
    {
        double minimum = Math.Min(0, values.Min());
        double maximum = Math.Max(0, values.Max());
        int lowest = -(1 << (bits - 1));
        int highest = (1 << (bits - 1)) - 1;
        double step = hasZeroPoints ? (maximum - minimum) / (highest - lowest) : Math.Max(-minimum, maximum) / highest;
        float scale = Numbers.Round(scaleType, Math.Max(step, 1e-12));
        return (scale, hasZeroPoints ? (int)Math.Clamp(Math.Round(lowest - (minimum / scale)), lowest, highest) : 0);
    }
}
