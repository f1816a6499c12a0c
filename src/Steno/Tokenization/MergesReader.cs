using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Steno.Tokenization;

/// <summary>Reads merges, one after the other by rank: the lines of merges.txt, or <c>model.merges</c> of tokenizer.json.</summary>
internal sealed class MergesReader
{
    /// <summary>Most merges that are accepted; Qwen2 has 151 387.</summary>
    private const int MaxMergeCount = 1 << 20;

    /// <summary>Longest merge that is accepted: two of the longest symbols and the space between.</summary>
    private const int MaxMergeBytes = (2 * VocabularyReader.MaxSymbolBytes) + 1;

    private readonly TokenizerFile _file;
    private readonly Vocabulary _vocabulary;
    private readonly MergeTable _merges;
    private readonly byte[] _bytes = new byte[MaxMergeBytes];

    // What a place in the file is called, and the number of the one that is read.
    private readonly string _unit;
    private int _number;
    private int _lastMerged;

    private MergesReader(TokenizerFile file, Vocabulary vocabulary, int capacity, string unit)
    {
        _file = file;
        _vocabulary = vocabulary;
        _merges = new MergeTable(Math.Min(capacity, MaxMergeCount));
        _unit = unit;
    }

    /// <summary>Reads a merges.txt.</summary>
    /// <exception cref="ModelFormatException">A line is not two symbols of the vocabulary that make a third.</exception>
    public static MergeTable ReadFile(TokenizerFile file, Vocabulary vocabulary)
    {
        var lines = file.Content.Span;
        var reader = new MergesReader(file, vocabulary, lines.Count((byte)'\n') + 1, "line");
        while (!lines.IsEmpty)
        {
            int length = lines.IndexOf((byte)'\n');
            var line = length < 0 ? lines : lines[..length];
            lines = length < 0 ? default : lines[(length + 1)..];
            if (line.EndsWith("\r"u8)) line = line[..^1];

            // Only the first line can be a comment: "#" is a symbol like any other, and others begin with it.
            bool isHeader = ++reader._number == 1 && line.StartsWith("#version"u8);
            if (!isHeader && !line.IsEmpty) reader.Add(line);
        }

        return reader._merges;
    }

    /// <summary>Reads the array at which <paramref name="json"/> stands; its items are "left right" or ["left", "right"].</summary>
    public static MergeTable ReadArray(TokenizerFile file, ref Utf8JsonReader json, Vocabulary vocabulary)
    {
        if (json.TokenType != JsonTokenType.StartArray)
            throw file.Fault("model.merges is no array", ref json, expected: "an array of merges", found: json.TokenType.ToString());

        var reader = new MergesReader(file, vocabulary, CountItems(json), "merge");
        byte[] merge = new byte[MaxMergeBytes];
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            int length = json.TokenType switch
            {
                JsonTokenType.String => reader.CopyString(ref json, merge),
                JsonTokenType.StartArray => reader.CopyPair(ref json, merge),
                _ => throw reader.Fault("is no merge", "a string or two", json.TokenType.ToString()),
            };
            reader.Add(merge.AsSpan(0, length));
            reader._number++;
        }

        return reader._merges;
    }

    private static int CountItems(Utf8JsonReader json)
    {
        int count = 0;
        for (; json.Read() && json.TokenType != JsonTokenType.EndArray; count++) json.Skip();
        return count;
    }

    private int CopyPair(ref Utf8JsonReader json, Span<byte> merge)
    {
        int length = 0;
        for (int part = 0; part < 2; part++)
        {
            json.Read();
            if (json.TokenType != JsonTokenType.String) throw Fault("is no merge", "two strings", json.TokenType.ToString());
            if (part == 1) merge[length++] = (byte)' ';
            length += CopyString(ref json, merge[length..]);
        }

        json.Read();
        return json.TokenType == JsonTokenType.EndArray
            ? length
            : throw Fault("is no merge", "two strings and no more", json.TokenType.ToString());
    }

    private int CopyString(ref Utf8JsonReader json, Span<byte> destination) =>
        json.ValueSpan.Length < destination.Length ? json.CopyString(destination) : throw TooLong(json.ValueSpan.Length);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Add(ReadOnlySpan<byte> merge)
    {
        if (merge.Length > MaxMergeBytes) throw TooLong(merge.Length);
        if (_merges.Count == MaxMergeCount) throw Fault("is one merge too many", $"at most {MaxMergeCount}");

        int space = merge.IndexOf((byte)' ');
        if (space <= 0 || space == merge.Length - 1)
            throw Fault("is no merge", "two symbols with one space between", TokenizerFile.Quote(merge));

        int left = Resolve(merge[..space], _bytes, out int leftCount);
        int right = Resolve(merge[(space + 1)..], _bytes.AsSpan(leftCount), out int rightCount);
        if (!TryFindMerged(_bytes.AsSpan(0, leftCount + rightCount), out int merged))
            throw Fault("makes a symbol that the vocabulary lacks", found: TokenizerFile.Quote(merge));
        if (!_merges.TryAdd(left, right, merged))
            throw Fault("repeats an earlier merge", found: TokenizerFile.Quote(merge));
        _lastMerged = merged;
    }

    // Training numbers symbols in the order of their merges, so the next one is most often the next id.
    private bool TryFindMerged(ReadOnlySpan<byte> symbol, out int id)
    {
        id = _lastMerged + 1;
        return (id < _vocabulary.Count && _vocabulary.BytesOf(id).SequenceEqual(symbol)) || _vocabulary.TryFind(symbol, out id);
    }

    private int Resolve(ReadOnlySpan<byte> symbol, Span<byte> bytes, out int byteCount) =>
        ByteLevelAlphabet.TryDecode(symbol, bytes, out byteCount) && _vocabulary.TryFind(bytes[..byteCount], out int id)
            ? id
            : throw Fault("names a symbol that the vocabulary lacks", found: TokenizerFile.Quote(symbol));

    private ModelFormatException TooLong(int length) => Fault("is too long", $"at most {MaxMergeBytes} bytes", $"{length}");

    private ModelFormatException Fault(string problem, string? expected = null, string? found = null) =>
        _file.Fault($"{_unit} {_number} {problem}", expected, found);
}
