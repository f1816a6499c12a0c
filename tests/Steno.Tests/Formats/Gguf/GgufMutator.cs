using System.Buffers.Binary;

namespace Steno.Tests.Formats.Gguf;

/// <summary>Damages a GGUF file in ways that a download, a bad tool or an attacker might.</summary>
internal sealed class GgufMutator(byte[] original, int headerLength, int seed)
{
    private static readonly long[] NastyNumbers =
    [
        0, 1, -1, 2, 7, 8, 9, 31, 32, 255, 256, 65535, 65536, int.MaxValue, int.MinValue, uint.MaxValue, 1L << 32, 1L << 40, 1L << 61, 1L << 62,
        long.MaxValue, long.MinValue, long.MaxValue - 31,
    ];

    private readonly Random _random = new(seed);

    public byte[] Next() => _random.Next(8) switch
    {
        0 => Flip(headerLength),
        1 => Flip(original.Length),
        2 => original[.._random.Next(original.Length)],
        3 => [.. original, .. new byte[_random.Next(1, 100)]],
        4 => ReplaceNumber(sizeof(long)),
        5 => ReplaceNumber(sizeof(int)),
        6 => Overwrite(),
        _ => Move(),
    };

    private byte[] Flip(int end)
    {
        byte[] mutant = [.. original];
        for (int count = _random.Next(1, 4); count > 0; count--) mutant[_random.Next(end)] ^= (byte)(1 << _random.Next(8));
        return mutant;
    }

    private byte[] ReplaceNumber(int size)
    {
        byte[] mutant = [.. original];
        Span<byte> place = mutant.AsSpan(_random.Next(headerLength - size));
        long number = _random.Next(3) == 0 ? BinaryPrimitives.ReadInt32LittleEndian(place) + _random.Next(-33, 34) : NastyNumbers[_random.Next(NastyNumbers.Length)];
        if (size == sizeof(int)) BinaryPrimitives.WriteInt32LittleEndian(place, unchecked((int)number));
        else BinaryPrimitives.WriteInt64LittleEndian(place, number);
        return mutant;
    }

    private byte[] Overwrite()
    {
        byte[] mutant = [.. original];
        int start = _random.Next(mutant.Length);
        mutant.AsSpan(start, _random.Next(Math.Min(64, mutant.Length - start))).Fill((byte)_random.Next(256));
        return mutant;
    }

    // A piece cut out, or put in a second time.
    private byte[] Move()
    {
        int start = _random.Next(headerLength);
        int length = _random.Next(1, 64);
        int end = Math.Min(start + length, original.Length);
        return _random.Next(2) == 0 ? [.. original[..start], .. original[end..]] : [.. original[..end], .. original[start..]];
    }
}
