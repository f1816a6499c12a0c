namespace Steno.Packagings;

/// <summary>Matrices as MLX quantises them.</summary>
internal static class MlxMatrices
{
    /// <summary>Affine codes: a group's range in equal steps, from the end of larger magnitude, so that some scales are negative.</summary>
    public static StoredMatrix Affine(string module, float[] values, int columns, int bits, int groupWidth, string scaleType)
    {
        int rows = values.Length / columns;
        int largest = (1 << bits) - 1;
        var words = new List<byte>();
        var scales = new List<float>();
        var biases = new List<float>();
        float[] stood = new float[values.Length];
        for (int row = 0; row < rows; row++)
        {
            int[] codes = new int[columns];
            for (int first = 0; first < columns; first += groupWidth)
            {
                ReadOnlySpan<float> group = values.AsSpan((row * columns) + first, groupWidth);
                (float minimum, float maximum) = Range(group);
                bool isNegative = Math.Abs(maximum) > Math.Abs(minimum);
                float scale = Numbers.Round(scaleType, Math.Max((maximum - (double)minimum) / largest, 1e-7) * (isNegative ? -1 : 1));
                float bias = Numbers.Round(scaleType, isNegative ? maximum : minimum);
                scales.Add(scale);
                biases.Add(bias);
                for (int i = 0; i < groupWidth; i++)
                {
                    int code = (int)Math.Clamp(Math.Round(((double)group[i] - bias) / scale), 0, largest);
                    codes[first + i] = code;
                    stood[(row * columns) + first + i] = (scale * code) + bias;
                }
            }

            words.AddRange(Numbers.Words(codes, bits));
        }

        long groups = columns / groupWidth;
        return new StoredMatrix(
            [
                new OutputTensor(module + ".weight", "U32", [rows, (long)columns * bits / 32], [.. words]),
                new OutputTensor(module + ".scales", scaleType, [rows, groups], Numbers.Bytes(scaleType, scales)),
                new OutputTensor(module + ".biases", scaleType, [rows, groups], Numbers.Bytes(scaleType, biases)),
            ],
            stood);
    }

    /// <summary>mxfp4, nvfp4, mxfp8: small floating-point numbers with scales of one byte.</summary>
    public static StoredMatrix Floats(string module, float[] values, int columns, string mode)
    {
        FloatGroups groups = FloatGroups.Encode(values, mode, factor: 1);
        int rows = values.Length / columns;
        int bits = mode == "mxfp8" ? 8 : 4;
        byte[] words = [.. groups.Codes.Chunk(columns).SelectMany(row => Numbers.Words([.. row.Select(code => (int)code)], bits))];
        return new StoredMatrix(
            [
                new OutputTensor(module + ".weight", "U32", [rows, (long)columns * bits / 32], words),
                new OutputTensor(module + ".scales", "U8", [rows, columns / groups.Width], groups.Scales),
            ],
            groups.Values);
    }

    private static (float Minimum, float Maximum) Range(ReadOnlySpan<float> values)
    {
        float minimum = values[0];
        float maximum = values[0];
        foreach (float value in values)
        {
            minimum = Math.Min(minimum, value);
            maximum = Math.Max(maximum, value);
        }

        return (minimum, maximum);
    }
}
