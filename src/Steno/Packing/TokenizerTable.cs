using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using Steno.Tokenization;

namespace Steno.Packing;

/// <summary>A tokenizer as a packed file has it: symbols and merges by number, so that no text has to be taken apart to load it.</summary>
/// <remarks>
/// Four 32-bit counts: symbols, bytes of all symbols, merges, added tokens. Then the starts of the symbols and the end of the last; left, right and
/// merged symbol of each merge by rank; the added tokens, each as id, whether it is special, length and UTF-8, padded to 32 bits; the bytes of the symbols.
/// </remarks>
internal static class TokenizerTable
{
    /// <summary>Largest table. That of the Qwen2 vocabulary has 3.5 MB.</summary>
    public const int MaxBytes = 64 << 20;

    private const int MaxSymbolCount = VocabularyReader.MaxSymbolCount;
    private const int MaxAddedCount = 4096;
    private const int MaxContentBytes = 1024;
    private const int CountBytes = 4 * sizeof(int);

    /// <summary>Writes a tokenizer.</summary>
    public static byte[] Write(BpeTokenizer tokenizer)
    {
        Vocabulary vocabulary = tokenizer.Vocabulary;
        (int Left, int Right)[] merges = tokenizer.Merges.InRankOrder();
        AddedToken[] added = [.. tokenizer.AddedTokens.Tokens];
        var buffer = new ArrayBufferWriter<byte>();
        WriteInts(buffer, [vocabulary.Count, vocabulary.Bytes.Length, merges.Length, added.Length]);
        WriteInts(buffer, vocabulary.Starts);
        foreach ((int left, int right) in merges)
        {
            tokenizer.Merges.TryFind(left, right, out _, out int merged);
            WriteInts(buffer, [left, right, merged]);
        }

        foreach (AddedToken token in added)
        {
            byte[] content = Encoding.UTF8.GetBytes(token.Content);
            WriteInts(buffer, [token.Id, token.IsSpecial ? 1 : 0, content.Length]);
            buffer.Write(content);
            buffer.Write(new byte[Padding(content.Length)]);
        }

        buffer.Write(vocabulary.Bytes);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads a tokenizer.</summary>
    /// <param name="bytes">The table.</param>
    /// <param name="checksum">What the header says of it.</param>
    /// <param name="path">The packed file, for messages.</param>
    /// <exception cref="ModelFormatException">The table is damaged.</exception>
    public static BpeTokenizer Read(ReadOnlySpan<byte> bytes, ulong checksum, string path)
    {
        if (Checksum.Of(bytes) != checksum || bytes.Length < CountBytes) throw Damaged(path);
        ReadOnlySpan<int> counts = MemoryMarshal.Cast<byte, int>(bytes[..CountBytes]);
        (int symbolCount, int symbolBytes, int mergeCount, int addedCount) = (counts[0], counts[1], counts[2], counts[3]);
        bool isBounded = symbolCount is >= 0 and <= MaxSymbolCount && mergeCount is >= 0 and <= MaxSymbolCount && addedCount is >= 0 and <= MaxAddedCount && symbolBytes is >= 0 and <= MaxBytes;
        if (!isBounded) throw Damaged(path);
        int[] starts = Take(ref bytes, CountBytes, symbolCount + 1, path).ToArray();
        ReadOnlySpan<int> merges = Take(ref bytes, 0, 3 * mergeCount, path);
        List<AddedToken> added = ReadAdded(ref bytes, addedCount, path);
        if (bytes.Length != symbolBytes || !IsAscending(starts, symbolBytes)) throw Damaged(path);
        Vocabulary vocabulary = Vocabulary.OfDistinct(bytes.ToArray(), starts) ?? throw Damaged(path);
        var tokens = new AddedTokenSet(added);
        return new BpeTokenizer(vocabulary, ReadMerges(merges, symbolCount, path), tokens, SpecialTokens.Find(tokens, path));
    }

    private static MergeTable ReadMerges(ReadOnlySpan<int> merges, int symbolCount, string path)
    {
        var table = new MergeTable(merges.Length / 3);
        for (int i = 0; i < merges.Length; i += 3)
        {
            bool isKnown = (uint)merges[i] < (uint)symbolCount && (uint)merges[i + 1] < (uint)symbolCount && (uint)merges[i + 2] < (uint)symbolCount;
            if (!isKnown || !table.TryAdd(merges[i], merges[i + 1], merges[i + 2])) throw Damaged(path);
        }

        return table;
    }

    private static List<AddedToken> ReadAdded(ref ReadOnlySpan<byte> bytes, int count, string path)
    {
        var added = new List<AddedToken>(count);
        var ids = new HashSet<int>();
        var contents = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<int> fields = Take(ref bytes, 0, 3, path);
            (int id, int special, int length) = (fields[0], fields[1], fields[2]);
            if (id is < 0 or >= 2 * MaxSymbolCount || special is not (0 or 1) || length is < 1 or > MaxContentBytes || length + Padding(length) > bytes.Length) throw Damaged(path);
            string content = Encoding.UTF8.GetString(bytes[..length]);
            bytes = bytes[(length + Padding(length))..];
            if (!ids.Add(id) || !contents.Add(content)) throw Damaged(path);
            added.Add(new AddedToken(id, content, special == 1));
        }

        return added;
    }

    private static ReadOnlySpan<int> Take(ref ReadOnlySpan<byte> bytes, int skipped, int count, string path)
    {
        if (count > (bytes.Length - skipped) / sizeof(int)) throw Damaged(path);
        ReadOnlySpan<int> taken = MemoryMarshal.Cast<byte, int>(bytes.Slice(skipped, count * sizeof(int)));
        bytes = bytes[(skipped + (count * sizeof(int)))..];
        return taken;
    }

    private static bool IsAscending(ReadOnlySpan<int> starts, int end)
    {
        bool isAscending = starts[0] == 0 && starts[^1] == end;
        for (int i = 1; i < starts.Length; i++) isAscending &= starts[i] > starts[i - 1];
        return isAscending;
    }

    private static int Padding(int length) => -length & (sizeof(int) - 1);

    private static void WriteInts(ArrayBufferWriter<byte> buffer, ReadOnlySpan<int> values) => buffer.Write(MemoryMarshal.AsBytes(values));

    private static ModelFormatException Damaged(string path) => new("its tokenizer is damaged", path);
}
