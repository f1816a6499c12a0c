using System.Runtime.CompilerServices;

namespace Steno.Tokenization;

/// <summary>Pairs waiting to be merged: lowest rank first, and of equal ranks the leftmost.</summary>
/// <remarks>A binary heap of keys with the rank in the upper half and the place in the lower.</remarks>
internal sealed class MergeQueue(int capacity)
{
    private ulong[] _keys = new ulong[capacity];
    private int _count;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Enqueue(int rank, int place)
    {
        if (_count == _keys.Length) Array.Resize(ref _keys, Math.Max(4, 2 * _count));
        ulong key = ((ulong)rank << 32) | (uint)place;
        int index = _count++;
        for (int parent; index > 0 && _keys[parent = (index - 1) / 2] > key; index = parent) _keys[index] = _keys[parent];
        _keys[index] = key;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool TryDequeue(out int rank, out int place)
    {
        rank = place = 0;
        if (_count == 0) return false;

        rank = (int)(_keys[0] >> 32);
        place = (int)_keys[0];
        ulong last = _keys[--_count];
        int index = 0;
        for (int child; (child = (2 * index) + 1) < _count; index = child)
        {
            if (child + 1 < _count && _keys[child + 1] < _keys[child]) child++;
            if (_keys[child] >= last) break;
            _keys[index] = _keys[child];
        }

        _keys[index] = last;
        return true;
    }
}
