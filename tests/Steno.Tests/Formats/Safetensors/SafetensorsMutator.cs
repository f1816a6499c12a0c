using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Steno.Tests.Formats.Safetensors;

/// <summary>Damages a safetensors file in ways that a download, a bad tool or an attacker might.</summary>
internal sealed class SafetensorsMutator(byte[] original, int seed)
{
    private const string JsonCharacters = "\"{}[],:0123456789-+.eE\\u tfn\0\x7f";

    private static readonly string[] NastyNumbers =
    [
        "0", "-1", "1", "2", "7", "255", "65536", "2147483647", "2147483648", "-2147483648", "4294967295", "4294967296", "4611686018427387904", "9223372036854775807", "-9223372036854775808",
        "9223372036854775808", "18446744073709551615", "18446744073709551616", "1e3", "1E400", "0.5", "-0", "null", "true", "\"4\"", "[]", "{}", "[[4]]", "{\"a\":{\"b\":{\"c\":{\"d\":{\"e\":{\"f\":{\"g\":1}}}}}}}",
    ];

    private static readonly string[] DTypes = ["F32", "F16", "BF16", "I64", "BOOL", "F8_E4M3", "F4", "F6_E2M3", "f32", "", "X"];

    private readonly Random _random = new(seed);
    private readonly string _header = Encoding.UTF8.GetString(original, 8, HeaderLength(original));
    private readonly byte[] _data = original[(8 + HeaderLength(original))..];

    public byte[] Next() => _random.Next(11) switch
    {
        0 => FlipBits(0, original.Length - _data.Length),
        1 => FlipBits(0, original.Length),
        2 => FlipBits(0, 8),
        3 => original[.._random.Next(original.Length)],
        4 => [.. original, .. new byte[_random.Next(1, 100)]],
        5 => ReplaceHeaderLength(),
        6 => SafetensorsWriter.Write(ReplaceNumbers(), _data),
        7 => SafetensorsWriter.Write(ReplaceBytesOfHeader(), _data),
        8 => SafetensorsWriter.Write(RepeatPart(), _data),
        9 => OverwriteData(),
        _ => SafetensorsWriter.Write(RearrangeTensors(), _data),
    };

    private static int HeaderLength(byte[] file) => (int)BinaryPrimitives.ReadInt64LittleEndian(file);

    private byte[] FlipBits(int from, int to)
    {
        byte[] mutant = [.. original];
        for (int count = _random.Next(1, 4); count > 0; count--) mutant[_random.Next(from, to)] ^= (byte)(1 << _random.Next(8));
        return mutant;
    }

    private byte[] OverwriteData()
    {
        byte[] mutant = [.. original];
        int start = _random.Next(mutant.Length - _data.Length, mutant.Length);
        mutant.AsSpan(start, _random.Next(mutant.Length - start)).Fill((byte)_random.Next(256));
        return mutant;
    }

    private byte[] ReplaceHeaderLength()
    {
        byte[] mutant = [.. original];
        long length = _random.Next(5) switch
        {
            0 => HeaderLength(original) + _random.Next(-20, 20),
            1 => original.Length - 8 + _random.Next(-2, 3),
            2 => long.MaxValue - _random.Next(20),
            3 => -_random.Next(1, 20),
            _ => 1L << _random.Next(63),
        };
        BinaryPrimitives.WriteInt64LittleEndian(mutant, length);
        return mutant;
    }

    private string ReplaceNumbers()
    {
        MatchCollection numbers = Regex.Matches(_header, "[0-9]+", RegexOptions.NonBacktracking);
        Match number = numbers[_random.Next(numbers.Count)];
        string replacement = _random.Next(3) == 0
            ? (long.Parse(number.Value, CultureInfo.InvariantCulture) + _random.Next(-4, 5)).ToString(CultureInfo.InvariantCulture)
            : NastyNumbers[_random.Next(NastyNumbers.Length)];
        return string.Concat(_header.AsSpan(0, number.Index), replacement, _header.AsSpan(number.Index + number.Length));
    }

    private byte[] ReplaceBytesOfHeader()
    {
        byte[] header = Encoding.UTF8.GetBytes(_header);
        for (int count = _random.Next(1, 5); count > 0; count--) header[_random.Next(header.Length)] = (byte)JsonCharacters[_random.Next(JsonCharacters.Length)];
        return header;
    }

    private string RepeatPart()
    {
        int start = _random.Next(_header.Length);
        int length = _random.Next(1, _header.Length - start + 1);
        return _header.Insert(_random.Next(2) == 0 ? start : _random.Next(_header.Length), _header.Substring(start, length));
    }

    private string RearrangeTensors()
    {
        JsonObject header = JsonNode.Parse(_header)!.AsObject();
        string[] names = [.. header.Select(entry => entry.Key).Where(name => name != "__metadata__")];
        JsonObject one = header[names[_random.Next(names.Length)]]!.AsObject();
        JsonObject other = header[names[_random.Next(names.Length)]]!.AsObject();
        switch (_random.Next(9))
        {
            case 0:
                (one["data_offsets"], other["data_offsets"]) = (other["data_offsets"]!.DeepClone(), one["data_offsets"]!.DeepClone());
                break;
            case 1:
                (one["shape"], other["shape"]) = (other["shape"]!.DeepClone(), one["shape"]!.DeepClone());
                break;
            case 2:
                one["data_offsets"] = new JsonArray(one["data_offsets"]![1]!.DeepClone(), one["data_offsets"]![0]!.DeepClone());
                break;
            case 3:
                one["dtype"] = DTypes[_random.Next(DTypes.Length)];
                break;
            case 4:
                one.Remove(one.ElementAt(_random.Next(one.Count)).Key);
                break;
            case 5:
                header.Remove(names[_random.Next(names.Length)]);
                break;
            case 6:
                one["shape"]!.AsArray().Add(_random.Next(3) == 0 ? 4294967296L : 1);
                break;
            case 7:
                one["note"] = JsonNode.Parse(NastyNumbers[^1]);
                break;
            default:
                header["__metadata__"] = JsonNode.Parse(_random.Next(2) == 0 ? "{\"a\":[1]}" : "{\"format\":\"pt\",\"x\":\"\"}");
                break;
        }
        return header.ToJsonString();
    }
}
