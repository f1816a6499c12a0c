namespace Steno.Tokenization;

/// <summary>The symbols of a byte-level BPE: a byte string for each id from 0 to <see cref="Count"/> - 1, and back.</summary>
internal sealed class Vocabulary
{
    private readonly byte[] _bytes;
    private readonly int[] _starts;
    private readonly int[] _slots;
    private readonly int[] _idOfByte = new int[256];

    /// <summary>Indexes symbols.</summary>
    /// <param name="file">Where they come from, for messages.</param>
    /// <param name="bytes">All symbols, by id, one after the other.</param>
    /// <param name="starts">Start of each symbol in <paramref name="bytes"/>, and the end of the last.</param>
    /// <exception cref="ModelFormatException">A symbol occurs twice, or a byte has no symbol of its own.</exception>
    public Vocabulary(TokenizerFile file, byte[] bytes, int[] starts)
    {
        _bytes = bytes;
        _starts = starts;
        _slots = new int[HashTableSize.For(Count)];
        Array.Fill(_slots, -1);
        for (int id = 0; id < Count; id++)
        {
            int slot = FindSlot(BytesOf(id));
            if (_slots[slot] >= 0)
                throw file.Fault($"ids {_slots[slot]} and {id} have the same symbol", expected: "every symbol once");
            _slots[slot] = id;
        }

        for (int value = 0; value < 256; value++)
        {
            if (!TryFind([(byte)value], out _idOfByte[value]))
                throw file.Fault($"no symbol for the single byte 0x{value:X2}", expected: "all 256 bytes as symbols");
        }
    }

    /// <summary>Number of symbols.</summary>
    public int Count => _starts.Length - 1;

    /// <summary>The bytes of the symbol <paramref name="id"/>.</summary>
    public ReadOnlySpan<byte> BytesOf(int id) => _bytes.AsSpan(_starts[id].._starts[id + 1]);

    /// <summary>The symbol that is this one byte.</summary>
    public int IdOfByte(byte value) => _idOfByte[value];

    /// <summary>Finds a symbol by its bytes.</summary>
    public bool TryFind(ReadOnlySpan<byte> symbol, out int id) => (id = _slots[FindSlot(symbol)]) >= 0;

    // HashCode is seeded for each process, so that no file can be made to collide.
    private int FindSlot(ReadOnlySpan<byte> symbol)
    {
        var hash = default(HashCode);
        hash.AddBytes(symbol);
        int slot = hash.ToHashCode() & (_slots.Length - 1);
        while (_slots[slot] >= 0 && !BytesOf(_slots[slot]).SequenceEqual(symbol)) slot = (slot + 1) & (_slots.Length - 1);
        return slot;
    }
}
