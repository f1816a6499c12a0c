using System.Numerics;

namespace Steno.Formats.Gguf;

/// <summary>Reads the header of a GGUF file into records, and checks all that it claims.</summary>
internal ref struct GgufHeaderParser
{
    private const string AlignmentKey = "general.alignment";
    private const int FixedBytes = 24;
    private const int MinKeyValueBytes = 14;
    private const int MinTensorBytes = 24;
    private const int NewestVersion = 3;

    private readonly Dictionary<string, GgufValue> _values = new(StringComparer.Ordinal);
    private readonly Dictionary<string, GgufTensor> _tensors = new(StringComparer.Ordinal);
    private readonly long _fileLength;
    private readonly string _file;
    private GgufReader _reader;

    private GgufHeaderParser(ReadOnlySpan<byte> bytes, long fileLength, string file, Func<int, byte[]>? lengthen)
    {
        _fileLength = fileLength;
        _file = file;
        _reader = new GgufReader(bytes, fileLength, file, lengthen);
    }

    /// <inheritdoc cref="GgufHeader.Read"/>
    public static GgufHeader Parse(ReadOnlySpan<byte> bytes, long fileLength, string file, Func<int, byte[]>? lengthen)
    {
        var parser = new GgufHeaderParser(bytes, fileLength, file, lengthen);
        return parser.Read();
    }

    private GgufHeader Read()
    {
        CheckMagic();
        int version = ReadVersion();
        int tensorCount = ReadCount("tensors", MinTensorBytes, GgufHeader.MaxTensorCount);
        int keyCount = ReadCount("key-value pairs", MinKeyValueBytes, GgufHeader.MaxKeyCount);
        for (int i = 0; i < keyCount; i++) ReadKeyValue();
        CheckMetadata();
        long alignment = Alignment();
        for (int i = 0; i < tensorCount; i++) ReadTensor();
        long dataOffset = (_reader.Position + alignment - 1) / alignment * alignment;
        new GgufLayout(_file, dataOffset, _fileLength, alignment).Check(_tensors.Values);
        return new GgufHeader(version, alignment, dataOffset, EndOf(dataOffset, alignment), _values, _tensors);
    }

    // Where a type has no size that is known, all that follows may be its tensor's.
    private readonly long EndOf(long dataOffset, long alignment)
    {
        long end = 0;
        foreach (GgufTensor tensor in _tensors.Values)
        {
            if (tensor.Type.BlockLength == 0) return Math.Max(dataOffset, _fileLength);
            end = Math.Max(end, tensor.Offset + tensor.ByteCount);
        }

        return dataOffset + ((end + alignment - 1) / alignment * alignment);
    }

    private readonly void CheckMagic()
    {
        ReadOnlySpan<byte> bytes = _reader.Bytes;
        if (bytes.StartsWith("version https://git-lfs"u8))
        {
            throw new ModelFormatException(
                "the file is a Git LFS pointer, not the weights; fetch them with 'git lfs pull'", _file, offset: 0);
        }
        int length = Math.Min(bytes.Length, 4);
        if (!bytes[..length].SequenceEqual("GGUF"u8[..length]))
            throw _reader.Fault("this is no GGUF file", "the letters GGUF", Convert.ToHexString(bytes[..length]));
        if (_fileLength < FixedBytes)
            throw _reader.Fault("the file is too short for GGUF", $"at least {FixedBytes} bytes", $"{_fileLength} bytes");
    }

    private int ReadVersion()
    {
        _reader.Take(4, "the magic number");
        int start = _reader.Position;
        uint version = (uint)_reader.Int32("the version");
        if (version is 2 or NewestVersion) return (int)version;
        string problem = version != 0 && (version & 0xFFFF) == 0
            ? "the file is big-endian, which Steno does not read; convert it to little-endian"
            : version == 1
                ? "the file has the outdated version 1 of GGUF; convert the model anew"
                : "the version of GGUF is unknown";
        throw new ModelFormatException(problem, _file, null, start, "version 2 or 3, little-endian", $"{version}");
    }

    private int ReadCount(string what, int minBytes, int maxCount)
    {
        GgufReader before = _reader;
        long count = _reader.Int64("the number of " + what);
        if (count < 0 || count > _fileLength / minBytes)
        {
            throw before.Fault(
                $"the number of {what} is impossible", $"at most {_fileLength / minBytes} in a file of {_fileLength} bytes", $"{count}");
        }
        if (count > maxCount) throw before.Fault($"the file has too many {what}", $"at most {maxCount}", $"{count}");
        return (int)count;
    }

    private void ReadKeyValue()
    {
        GgufReader before = _reader;
        ReadOnlySpan<byte> text = _reader.Text("a key");
        if (text.IsEmpty) throw before.Fault("a key is empty");
        if (text.Length > GgufHeader.MaxKeyBytes)
            throw before.Fault("a key is too long", $"at most {GgufHeader.MaxKeyBytes} bytes", $"{text.Length}");
        string key = GgufReader.Decode(text);
        string name = MessageText.Excerpt(key);
        GgufValueType type = ReadType(name);
        GgufValue value = type switch
        {
            GgufValueType.String => ReadText(name),
            GgufValueType.Array => ReadArray(name),
            _ => ReadNumber(name, type),
        };
        if (!_values.TryAdd(key, value)) throw before.Fault($"the key {name} occurs twice");
    }

    private GgufValueType ReadType(string key)
    {
        GgufReader before = _reader;
        int type = _reader.Int32("the type of " + key);
        return type is >= 0 and <= (int)GgufValueType.Float64
            ? (GgufValueType)type
            : throw before.Fault($"the type of {key} is unknown", "0 to 12", $"{type}");
    }

    private GgufValue ReadText(string key)
    {
        int length = _reader.Text(key).Length;
        return new GgufValue(GgufValueType.String, GgufValueType.String, _reader.Position - length, length);
    }

    private GgufValue ReadNumber(string key, GgufValueType type)
    {
        GgufReader before = _reader;
        ReadOnlySpan<byte> bytes = _reader.Take(GgufValue.SizeOf(type), key);
        if (type == GgufValueType.Bool && bytes[0] > 1) throw before.Fault($"{key} is no truth value", "0 or 1", $"{bytes[0]}");
        return new GgufValue(type, type, before.Position, 1);
    }

    private GgufValue ReadArray(string key)
    {
        GgufReader before = _reader;
        GgufValueType type = ReadType(key);
        if (type == GgufValueType.Array) throw before.Fault($"{key} is an array of arrays", "an array of numbers or texts");

        before = _reader;
        long count = _reader.Int64("the length of " + key);
        int size = GgufValue.SizeOf(type);
        int minSize = size == 0 ? sizeof(long) : size;
        if (count < 0 || count > _fileLength / minSize)
        {
            throw before.Fault(
                $"the length of {key} is impossible",
                $"at most {_fileLength / minSize} in a file of {_fileLength} bytes",
                $"{(ulong)count}");
        }

        // Whole files may lie in an array of bytes, which ends with the header anyway.
        int maxCount = size == 1 ? GgufHeader.MaxBytes : GgufHeader.MaxArrayLength;
        if (count > maxCount) throw before.Fault($"{key} is too long", $"at most {maxCount}", $"{count}");

        int start = _reader.Position;
        if (type == GgufValueType.String)
        {
            for (int i = 0; i < count; i++) _reader.Text(key);
        }
        else
        {
            // At most 2^24 elements of 8 bytes, or 2^27 of one.
            ReadOnlySpan<byte> elements = _reader.Take((int)count * size, key);
            int wrong = type == GgufValueType.Bool ? elements.IndexOfAnyExceptInRange((byte)0, (byte)1) : -1;
            if (wrong >= 0) throw before.Fault($"element {wrong} of {key} is no truth value", "0 or 1", $"{elements[wrong]}");
        }

        return new GgufValue(GgufValueType.Array, type, start, (int)count);
    }

    private readonly void CheckMetadata()
    {
        var metadata = new GgufMetadata(_values, _reader.Bytes, _file);
        if (metadata.Integer("split.count", 0, int.MaxValue) > 1)
        {
            throw metadata.Fault(
                "split.count",
                "says that the model is split over several files; join them into one",
                "1",
                $"{metadata.Integer("split.count", 0, int.MaxValue)}");
        }
        const string VersionKey = "general.quantization_version";
        if (metadata.Integer(VersionKey, 0, uint.MaxValue) is { } version and not 2)
            throw metadata.Fault(VersionKey, "is not supported", "2", $"{version}");
    }

    private readonly long Alignment()
    {
        if (!_values.TryGetValue(AlignmentKey, out GgufValue value)) return GgufHeader.DefaultAlignment;
        var metadata = new GgufMetadata(_values, _reader.Bytes, _file);
        if (value.Type != GgufValueType.UInt32)
            throw metadata.Fault(AlignmentKey, "has another type than it should", "a 32-bit number", $"{value.Type}");
        long alignment = metadata.Integer(AlignmentKey, 0, uint.MaxValue)!.Value;
        return BitOperations.IsPow2(alignment) ? alignment : throw metadata.Fault(
            AlignmentKey, "is impossible", "a power of two", $"{alignment}");
    }

    private void ReadTensor()
    {
        GgufReader before = _reader;
        ReadOnlySpan<byte> text = _reader.Text("a tensor's name");
        if (text.IsEmpty) throw before.Fault("a tensor's name is empty");
        if (text.Length > GgufHeader.MaxNameBytes)
            throw before.Fault("a tensor's name is too long", $"at most {GgufHeader.MaxNameBytes} bytes", $"{text.Length}");
        string name = GgufReader.Decode(text);
        if (_tensors.ContainsKey(name)) throw before.Fault("two tensors have the same name", tensor: name);

        long[] shape = ReadShape(name);
        GgufReader atType = _reader;
        int id = _reader.Int32("a tensor's type");
        if (GgufTensorType.Find(id) is not { } type)
            throw atType.Fault("the tensor's type is unknown", "a type that GGML has", $"{id}", name);
        long byteCount = ByteCount(name, type, shape, atType);

        GgufReader atOffset = _reader;
        long offset = _reader.Int64("a tensor's offset");
        if (offset < 0)
        {
            throw atOffset.Fault(
                "the tensor's offset is impossible", $"less than the file's {_fileLength} bytes", $"{(ulong)offset}", name);
        }
        _tensors.Add(name, new GgufTensor(name, type, shape, before.Position, offset, byteCount));
    }

    private long[] ReadShape(string name)
    {
        GgufReader before = _reader;
        uint rank = (uint)_reader.Int32("a tensor's number of dimensions");
        if (rank > GgufHeader.MaxRank)
            throw before.Fault("the tensor has too many dimensions", $"at most {GgufHeader.MaxRank}", $"{rank}", name);
        long[] shape = new long[rank];
        for (int i = shape.Length - 1; i >= 0; i--)
        {
            before = _reader;
            shape[i] = _reader.Int64("a tensor's dimension");
            if (shape[i] <= 0) throw before.Fault("a dimension of the tensor is impossible", "at least 1", $"{shape[i]}", name);
        }

        return shape;
    }

    private static long ByteCount(string name, GgufTensorType type, long[] shape, GgufReader place)
    {
        if (type.BlockLength == 0) return 0;
        try
        {
            long width = shape.Length == 0 ? 1 : shape[^1];
            if (width % type.BlockLength != 0)
            {
                throw place.Fault(
                    "the tensor's rows do not hold whole blocks of its type",
                    $"a width that is a multiple of {type.BlockLength} for {type}",
                    $"{width}",
                    name);
            }
            long blockCount = width / type.BlockLength;
            for (int i = 0; i < shape.Length - 1; i++) blockCount = checked(blockCount * shape[i]);
            _ = checked(blockCount * type.BlockLength);
            return checked(blockCount * type.BlockBytes);
        }
        catch (OverflowException)
        {
            throw place.Fault(
                "the tensor has more elements than any file holds", "fewer than 2^63 bytes", $"shape [{string.Join(", ", shape)}]", name);
        }
    }
}
