using System.Text;
using System.Text.Json;

namespace Steno.Formats.Safetensors;

/// <summary>Reads the JSON of a safetensors header into records; the numbers in them are not yet checked against the file.</summary>
internal ref struct SafetensorsHeaderParser
{
    // A header has 3 levels: the object of all tensors, a tensor's object, an array in it.
    private const int MaxDepth = 8;

    private static readonly string MaxRankText = $"at most {SafetensorsHeader.MaxRank} whole numbers";

    private readonly Dictionary<string, SafetensorsTensor> _tensors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _metadata = new(StringComparer.Ordinal);
    private readonly long _jsonOffset;
    private readonly string _file;
    private Utf8JsonReader _reader;

    private SafetensorsHeaderParser(ReadOnlySpan<byte> json, long jsonOffset, string file)
    {
        _reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
        _jsonOffset = jsonOffset;
        _file = file;
    }

    /// <summary>Parses a header.</summary>
    /// <param name="json">The whole header, perhaps padded with spaces.</param>
    /// <param name="jsonOffset">Where it lies in the file, for messages.</param>
    /// <param name="file">Path of the file, for messages.</param>
    /// <returns>The tensors, and the texts of <c>__metadata__</c>.</returns>
    /// <exception cref="ModelFormatException">It is no JSON, is of another form, or has a tensor twice or too many.</exception>
    public static (Dictionary<string, SafetensorsTensor> Tensors, Dictionary<string, string> Metadata) Parse(ReadOnlySpan<byte> json, long jsonOffset, string file)
    {
        var parser = new SafetensorsHeaderParser(json, jsonOffset, file);
        try
        {
            parser.ReadRoot();
        }
        catch (JsonException fault)
        {
            string expected = $"JSON nested at most {MaxDepth} levels deep";
            string found = MessageText.Excerpt(fault.Message.TrimEnd('.'));
            long offset = jsonOffset + parser._reader.BytesConsumed;
            throw new ModelFormatException("the header is not valid JSON", file, null, offset, expected, found, fault);
        }
        return (parser._tensors, parser._metadata);
    }

    private void ReadRoot()
    {
        _reader.Read();
        Expect(JsonTokenType.StartObject, null, "an object of tensors");
        bool hasMetadata = false;
        while (ReadPropertyName(null) is { } name)
        {
            if (name == "__metadata__")
            {
                if (hasMetadata) throw Fault("the header has __metadata__ twice", null);
                hasMetadata = true;
                ReadMetadata();
                continue;
            }
            if (_tensors.ContainsKey(name)) throw Fault("the header describes a tensor twice", name);
            if (_tensors.Count == SafetensorsHeader.MaxTensorCount)
                throw Fault("the header describes too many tensors", name, $"at most {SafetensorsHeader.MaxTensorCount}", "more");
            _tensors.Add(name, ReadTensor(name));
        }
        // What follows the object may only be white space; anything else is a JsonException.
        _reader.Read();
    }

    private void ReadMetadata()
    {
        _reader.Read();
        Expect(JsonTokenType.StartObject, "__metadata__", "an object of texts");
        while (ReadPropertyName("__metadata__") is { } key)
        {
            _reader.Read();
            Expect(JsonTokenType.String, "__metadata__", "a text");
            _metadata[key] = ReadText("__metadata__");
        }
    }

    private SafetensorsTensor ReadTensor(string name)
    {
        _reader.Read();
        Expect(JsonTokenType.StartObject, name, "an object with dtype, shape and data_offsets");
        string? dtype = null;
        long[]? shape = null;
        long[]? offsets = null;
        while (ReadPropertyName(name) is { } key)
        {
            bool isRepeated = (key == "dtype" && dtype is not null)
                || (key == "shape" && shape is not null)
                || (key == "data_offsets" && offsets is not null);
            if (isRepeated) throw Fault($"the tensor's description has {key} twice", name);

            _reader.Read();
            if (key == "dtype") dtype = ReadDType(name);
            else if (key == "shape") shape = ReadNumbers(name, key, SafetensorsHeader.MaxRank, MaxRankText);
            else if (key == "data_offsets") offsets = ReadNumbers(name, key, 2, "two whole numbers");
            else _reader.Skip();
        }

        string? missing = dtype is null ? "dtype" : shape is null ? "shape" : offsets is null ? "data_offsets" : null;
        if (missing is not null) throw Fault($"the tensor's description lacks {missing}", name, "dtype, shape and data_offsets");
        if (offsets!.Length != 2) throw Fault("the tensor's data_offsets are not a pair", name, "two whole numbers", $"{offsets.Length}");
        return new SafetensorsTensor(name, dtype!, shape!, offsets[0], offsets[1]);
    }

    private string ReadDType(string tensor)
    {
        Expect(JsonTokenType.String, tensor, "a dtype name");
        return ReadText(tensor);
    }

    private long[] ReadNumbers(string tensor, string key, int maxCount, string expected)
    {
        Expect(JsonTokenType.StartArray, tensor, $"{key} of {expected}");
        Span<long> numbers = stackalloc long[SafetensorsHeader.MaxRank];
        int count = 0;
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
        {
            if (count == maxCount) throw Fault($"the tensor's {key} has too many numbers", tensor, expected, "more");
            if (_reader.TokenType != JsonTokenType.Number || !_reader.TryGetInt64(out numbers[count]))
                throw Fault($"the tensor's {key} has an element that is no whole number below 2^63", tensor, expected, TokenText());
            count++;
        }
        return numbers[..count].ToArray();
    }

    // The next key of the object being read, or null at its end.
    private string? ReadPropertyName(string? tensor)
    {
        _reader.Read();
        return _reader.TokenType == JsonTokenType.PropertyName ? ReadText(tensor) : null;
    }

    private readonly string ReadText(string? tensor)
    {
        try
        {
            return _reader.GetString()!;
        }
        catch (InvalidOperationException fault)
        {
            throw Fault("a text in the header is not valid UTF-8 or has an unpaired surrogate", tensor, inner: fault);
        }
    }

    private readonly void Expect(JsonTokenType type, string? tensor, string expected)
    {
        if (_reader.TokenType != type) throw Fault("the header is not of the form of a safetensors header", tensor, expected, TokenText());
    }

    private readonly string TokenText()
    {
        if (_reader.TokenType == JsonTokenType.StartObject) return "an object";
        if (_reader.TokenType == JsonTokenType.StartArray) return "an array";
        int length = Math.Min(_reader.ValueSpan.Length, 4 * MessageText.MaxLength);
        return MessageText.Excerpt(Encoding.UTF8.GetString(_reader.ValueSpan[..length]));
    }

    private readonly ModelFormatException Fault(
        string problem, string? tensor, string? expected = null, string? found = null, Exception? inner = null)
    {
        string? name = tensor is null ? null : MessageText.Excerpt(tensor);
        return new ModelFormatException(problem, _file, name, _jsonOffset + _reader.TokenStartIndex, expected, found, inner);
    }
}
