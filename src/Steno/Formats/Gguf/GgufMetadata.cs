using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Steno.Formats.Gguf;

/// <summary>The metadata of a GGUF file: lenient about the width of numbers, strict about their kind.</summary>
internal readonly ref struct GgufMetadata(IReadOnlyDictionary<string, GgufValue> values, ReadOnlySpan<byte> header, string file)
{
    private const int MaxTextBytes = 1 << 16;

    private readonly ReadOnlySpan<byte> _header = header;

    /// <summary>Path of the file.</summary>
    public string File => file;

    public bool Has(string key) => values.ContainsKey(key);

    /// <summary>A whole number of any type, or null where the key is absent.</summary>
    /// <exception cref="ModelFormatException">The value is of another kind or out of bounds.</exception>
    public long? Integer(string key, long minimum, long maximum)
    {
        if (!values.TryGetValue(key, out GgufValue value)) return null;
        long? number = IntegerAt(value.Type, value.Offset);
        return number >= minimum && number <= maximum
            ? number
            : throw Fault(key, "cannot be used", $"a whole number from {minimum} to {maximum}", Describe(value));
    }

    /// <summary>A number of any type, or null where the key is absent.</summary>
    /// <exception cref="ModelFormatException">The value is of another kind or out of bounds.</exception>
    public double? Number(string key, double minimum, double maximum)
    {
        if (!values.TryGetValue(key, out GgufValue value)) return null;
        double? number = NumberAt(value);
        return number >= minimum && number <= maximum
            ? number
            : throw Fault(
                key,
                "cannot be used",
                string.Create(CultureInfo.InvariantCulture, $"a number from {minimum:R} to {maximum:R}"),
                Describe(value));
    }

    /// <summary>A text, or null where the key is absent.</summary>
    /// <exception cref="ModelFormatException">The value is of another kind or longer than any text that Steno asks for.</exception>
    public string? Text(string key)
    {
        if (!values.TryGetValue(key, out GgufValue value)) return null;
        if (value.Type != GgufValueType.String || value.Count > MaxTextBytes)
            throw Fault(key, "cannot be used", $"a text of at most {MaxTextBytes} bytes", Describe(value));
        return Encoding.UTF8.GetString(_header.Slice(value.Offset, value.Count));
    }

    /// <summary>True or false, or null where the key is absent.</summary>
    /// <exception cref="ModelFormatException">The value is of another kind.</exception>
    public bool? Flag(string key)
    {
        if (!values.TryGetValue(key, out GgufValue value)) return null;
        return value.Type == GgufValueType.Bool ? _header[value.Offset] != 0 : throw Fault(key, "cannot be used", "true or false", Describe(value));
    }

    /// <summary>A list of bytes; empty where the key is absent.</summary>
    /// <exception cref="ModelFormatException">The value is of another kind.</exception>
    public ReadOnlySpan<byte> Bytes(string key)
    {
        if (!values.TryGetValue(key, out GgufValue value)) return default;
        return value.Type == GgufValueType.Array && value.ElementType == GgufValueType.UInt8
            ? _header.Slice(value.Offset, value.Count)
            : throw Fault(key, "cannot be used", "a list of bytes", Describe(value));
    }

    /// <summary>A list of texts; empty where the key is absent.</summary>
    /// <exception cref="ModelFormatException">The value is of another kind or has too many elements.</exception>
    public GgufTexts Texts(string key, int maxCount)
    {
        if (!values.TryGetValue(key, out GgufValue value)) return default;
        if (value.Type != GgufValueType.Array || value.ElementType != GgufValueType.String || value.Count > maxCount)
            throw Fault(key, "cannot be used", $"a list of at most {maxCount} texts", Describe(value));
        return new GgufTexts(_header[value.Offset..], value.Count);
    }

    /// <summary>A list of whole numbers of any type, or null where the key is absent.</summary>
    /// <exception cref="ModelFormatException">The value is of another kind or has too many elements.</exception>
    public int[]? Integers(string key, int maxCount)
    {
        if (!values.TryGetValue(key, out GgufValue value)) return null;
        bool isIntegers = value.Type == GgufValueType.Array && IsInteger(value.ElementType);
        if (!isIntegers || value.Count > maxCount)
            throw Fault(key, "cannot be used", $"a list of at most {maxCount} whole numbers", Describe(value));
        int[] numbers = new int[value.Count];
        int size = GgufValue.SizeOf(value.ElementType);
        for (int i = 0; i < numbers.Length; i++)
        {
            long? number = IntegerAt(value.ElementType, value.Offset + (i * size));
            if (number is not (>= int.MinValue and <= int.MaxValue))
                throw Fault(key, $"has an element {i} that is out of range", "a 32-bit number", number is null ? "more than 2^63" : $"{number}");
            numbers[i] = (int)number;
        }

        return numbers;
    }

    /// <summary>The exception that says what is wrong with a key.</summary>
    public ModelFormatException Fault(string key, string problem, string? expected = null, string? found = null)
    {
        long? offset = values.TryGetValue(key, out GgufValue value) ? value.Offset : null;
        return new ModelFormatException($"{MessageText.Excerpt(key)} {problem}", file, null, offset, expected, found);
    }

    /// <summary>What a key holds, for messages.</summary>
    public string Describe(string key) => values.TryGetValue(key, out GgufValue value) ? Describe(value) : "nothing";

    private string Describe(GgufValue value)
    {
        if (value.Type == GgufValueType.Array) return $"a list of {value.Count} {value.ElementType}";
        if (value.Type == GgufValueType.Bool) return _header[value.Offset] == 0 ? "false" : "true";
        if (value.Type != GgufValueType.String) return NumberAt(value)!.Value.ToString("R", CultureInfo.InvariantCulture);
        ReadOnlySpan<byte> start = _header.Slice(value.Offset, Math.Min(value.Count, 4 * MessageText.MaxLength));
        return $"the text '{MessageText.Excerpt(Encoding.UTF8.GetString(start))}'";
    }

    private double? NumberAt(GgufValue value) => value.Type switch
    {
        GgufValueType.Float32 => BinaryPrimitives.ReadSingleLittleEndian(_header[value.Offset..]),
        GgufValueType.Float64 => BinaryPrimitives.ReadDoubleLittleEndian(_header[value.Offset..]),
        GgufValueType.UInt64 => BinaryPrimitives.ReadUInt64LittleEndian(_header[value.Offset..]),
        _ => IntegerAt(value.Type, value.Offset),
    };

    private static bool IsInteger(GgufValueType type) =>
        type is not (GgufValueType.Float32 or GgufValueType.Float64 or GgufValueType.Bool or GgufValueType.String or GgufValueType.Array);

    // Null for what is no whole number, and for one above 2^63.
    private long? IntegerAt(GgufValueType type, int offset)
    {
        ReadOnlySpan<byte> bytes = _header[offset..];
        return type switch
        {
            GgufValueType.UInt8 => bytes[0],
            GgufValueType.Int8 => (sbyte)bytes[0],
            GgufValueType.UInt16 => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
            GgufValueType.Int16 => BinaryPrimitives.ReadInt16LittleEndian(bytes),
            GgufValueType.UInt32 => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
            GgufValueType.Int32 => BinaryPrimitives.ReadInt32LittleEndian(bytes),
            GgufValueType.UInt64 => BinaryPrimitives.ReadUInt64LittleEndian(bytes) is var number and <= long.MaxValue ? (long)number : null,
            GgufValueType.Int64 => BinaryPrimitives.ReadInt64LittleEndian(bytes),
            _ => null,
        };
    }
}
