using System.Collections;
using System.Runtime.CompilerServices;

namespace Steno.Tokenization;

/// <summary>The merges of a BPE: for a pair of symbols, the rank of their merge (lower goes first) and the symbol that it makes.</summary>
internal sealed class MergeTable
{
    private readonly Slot[] _slots;
    private readonly int _shift;
    private readonly ulong _multiplier = HashTable.NewMultiplier();

    /// <summary>Makes an empty table.</summary>
    /// <param name="capacity">Most merges that will be added.</param>
    public MergeTable(int capacity)
    {
        _slots = new Slot[HashTable.SizeFor(capacity)];
        _shift = HashTable.ShiftFor(_slots.Length);
    }

    public int Count { get; private set; }

    /// <summary>Adds the merge of the next rank.</summary>
    /// <returns>False when the pair is there already.</returns>
    public bool TryAdd(int left, int right, int merged)
    {
        ref var slot = ref FindSlot(left, right);
        if (slot.Key != 0) return false;
        slot = new Slot(KeyOf(left, right), Count++, merged);
        return true;
    }

    public bool TryFind(int left, int right, out int rank, out int merged)
    {
        ref readonly var slot = ref FindSlot(left, right);
        rank = slot.Rank;
        merged = slot.Merged;
        return slot.Key != 0;
    }

    /// <summary>The pairs, lowest rank first.</summary>
    public (int Left, int Right)[] InRankOrder()
    {
        var pairs = new (int Left, int Right)[Count];
        foreach (Slot slot in _slots)
        {
            if (slot.Key != 0) pairs[slot.Rank] = ((int)((slot.Key - 1) >> 32), (int)(uint)(slot.Key - 1));
        }

        return pairs;
    }

    /// <summary>For each symbol whether a merge makes it.</summary>
    /// <param name="symbolCount">Symbols of the vocabulary.</param>
    public BitArray MadeSymbols(int symbolCount)
    {
        var made = new BitArray(symbolCount);
        foreach (Slot slot in _slots)
        {
            if (slot.Key != 0) made[slot.Merged] = true;
        }

        return made;
    }

    private static ulong KeyOf(int left, int right) => (((ulong)left << 32) | (uint)right) + 1;

    // A multiplier that no file can foresee makes collisions rare; key 0 marks a free slot.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private ref Slot FindSlot(int left, int right)
    {
        ulong key = KeyOf(left, right);
        int index = (int)((key * _multiplier) >> _shift);
        while (_slots[index].Key != 0 && _slots[index].Key != key) index = (index + 1) & (_slots.Length - 1);
        return ref _slots[index];
    }

    private readonly record struct Slot(ulong Key, int Rank, int Merged);
}
