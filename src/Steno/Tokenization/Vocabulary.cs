using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Steno.Tokenization;

/// <summary>The symbols of a byte-level BPE: a byte string for each id from 0 to <see cref="Count"/> - 1, and back.</summary>
internal sealed class Vocabulary
{
    private readonly byte[] _bytes;
    private readonly int[] _starts;
    private readonly int _shift;
    private readonly ulong _multiplier = HashTable.NewMultiplier();
    private readonly int[] _idOfByte = new int[256];
    private int[]? _slots;

    /// <summary>Indexes symbols.</summary>
    /// <param name="file">Where they come from, for messages.</param>
    /// <param name="bytes">All symbols, by id, one after the other.</param>
    /// <param name="starts">Start of each symbol in <paramref name="bytes"/>, and the end of the last.</param>
    /// <exception cref="ModelFormatException">A symbol occurs twice, or a byte has no symbol of its own.</exception>
    public Vocabulary(TokenizerFile file, byte[] bytes, int[] starts)
    {
        _bytes = bytes;
        _starts = starts;
        _shift = HashTable.ShiftFor(HashTable.SizeFor(Count));
        (_slots, (int First, int Second)? twins) = Index();
        if (twins is { } ids) throw file.Fault($"ids {ids.First} and {ids.Second} have the same symbol", expected: "every symbol once");
        for (int value = 0; value < 256; value++)
        {
            if (!TryFind([(byte)value], out _idOfByte[value]))
                throw file.Fault($"no symbol for the single byte 0x{value:X2}", expected: "all 256 bytes as symbols");
        }
    }

    private Vocabulary(byte[] bytes, int[] starts, int[] idOfByte)
    {
        _bytes = bytes;
        _starts = starts;
        _shift = HashTable.ShiftFor(HashTable.SizeFor(Count));
        _idOfByte = idOfByte;
    }

    /// <summary>Number of symbols.</summary>
    public int Count => _starts.Length - 1;

    /// <summary>The bytes of the symbol <paramref name="id"/>.</summary>
    public ReadOnlySpan<byte> BytesOf(int id) => _bytes.AsSpan(_starts[id].._starts[id + 1]);

    /// <summary>The symbol that is this one byte.</summary>
    public int IdOfByte(byte value) => _idOfByte[value];

    /// <summary>All symbols, by id, one after the other.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>Start of each symbol in <see cref="Bytes"/>, and the end of the last.</summary>
    public ReadOnlySpan<int> Starts => _starts;

    /// <summary>Takes symbols that were indexed before and are known to be distinct; they are indexed again only when one is sought by its bytes.</summary>
    /// <param name="bytes">All symbols, by id, one after the other.</param>
    /// <param name="starts">Start of each symbol, ascending, and the end of the last.</param>
    /// <returns>Null when a byte has no symbol of its own.</returns>
    public static Vocabulary? OfDistinct(byte[] bytes, int[] starts)
    {
        int[] idOfByte = new int[256];
        int count = 0;
        Array.Fill(idOfByte, -1);
        for (int id = starts.Length - 2; id >= 0; id--)
        {
            if (starts[id + 1] - starts[id] != 1) continue;
            ref int known = ref idOfByte[bytes[starts[id]]];
            if (known < 0) count++;
            known = id;
        }

        return count == idOfByte.Length ? new Vocabulary(bytes, starts, idOfByte) : null;
    }

    /// <summary>Finds a symbol by its bytes.</summary>
    public bool TryFind(ReadOnlySpan<byte> symbol, out int id)
    {
        int[] slots = _slots ??= Index().Slots;
        return (id = slots[FindSlot(slots, symbol)]) >= 0;
    }

    private (int[] Slots, (int First, int Second)? Twins) Index()
    {
        int[] slots = new int[HashTable.SizeFor(Count)];
        Array.Fill(slots, -1);
        for (int id = 0; id < Count; id++)
        {
            int slot = FindSlot(slots, BytesOf(id));
            if (slots[slot] >= 0) return (slots, (slots[slot], id));
            slots[slot] = id;
        }

        return (slots, null);
    }

    // Compiled with optimisation at once: loading calls this half a million times before the runtime would.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int FindSlot(int[] slots, ReadOnlySpan<byte> symbol)
    {
        int slot = (int)(Hash(symbol) >> _shift);
        while (slots[slot] >= 0 && !BytesOf(slots[slot]).SequenceEqual(symbol)) slot = (slot + 1) & (slots.Length - 1);
        return slot;
    }

    // Multiplicative hashing by a random number, eight bytes at a time, so that no file can be made to collide.
    private ulong Hash(ReadOnlySpan<byte> symbol)
    {
        ulong hash = (ulong)symbol.Length;
        for (; symbol.Length >= sizeof(ulong); symbol = symbol[sizeof(ulong)..])
        {
            hash = (hash ^ BinaryPrimitives.ReadUInt64LittleEndian(symbol)) * _multiplier;
            hash = BitOperations.RotateLeft(hash, 32);
        }

        ulong tail = 0;
        foreach (byte value in symbol) tail = (tail << 8) | value;
        return (hash ^ tail) * _multiplier;
    }
}
