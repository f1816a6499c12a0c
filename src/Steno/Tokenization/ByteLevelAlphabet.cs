using System.Runtime.CompilerServices;
using System.Text;

namespace Steno.Tokenization;

/// <summary>The alphabet of GPT-2, in which vocabulary files write every byte as one printable character.</summary>
internal static class ByteLevelAlphabet
{
    // Bytes 33-126, 161-172 and 174-255 stand for themselves; the 68 others follow in order from U+0100 to U+0143.
    private const int OthersStart = 0x100;
    private const int OtherCount = 68;

    private static readonly short[] ByteOfCharacter = Invert();
    private static readonly char[] CharacterOfByte = [.. Enumerable.Range(0, 256).Select(value => (char)Array.IndexOf(ByteOfCharacter, (short)value))];

    /// <summary>Turns a symbol as it stands in a file, in UTF-8, into the bytes that it means.</summary>
    /// <param name="symbol">UTF-8.</param>
    /// <param name="bytes">Receives the bytes; at least as long as <paramref name="symbol"/>.</param>
    /// <param name="byteCount">Bytes written.</param>
    /// <returns>False when a character is not one of the alphabet's 256.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool TryDecode(ReadOnlySpan<byte> symbol, Span<byte> bytes, out int byteCount)
    {
        byteCount = 0;
        for (int i = 0; i < symbol.Length; i++)
        {
            int character = symbol[i];
            if (character >= 0x80)
            {
                // Every character of the alphabet has one or two bytes in UTF-8.
                if ((character & 0xE0) != 0xC0 || i + 1 == symbol.Length || (symbol[i + 1] & 0xC0) != 0x80) return false;
                character = ((character & 0x1F) << 6) | (symbol[++i] & 0x3F);
                if (character < 0x80) return false;
            }

            if (character >= ByteOfCharacter.Length || ByteOfCharacter[character] < 0) return false;
            bytes[byteCount++] = (byte)ByteOfCharacter[character];
        }

        return true;
    }

    /// <summary>Turns bytes into a symbol as it stands in a file, in UTF-8.</summary>
    public static byte[] Encode(ReadOnlySpan<byte> bytes)
    {
        Span<char> symbol = bytes.Length <= 256 ? stackalloc char[bytes.Length] : new char[bytes.Length];
        for (int i = 0; i < bytes.Length; i++) symbol[i] = CharacterOfByte[bytes[i]];
        byte[] utf8 = new byte[Encoding.UTF8.GetByteCount(symbol)];
        Encoding.UTF8.GetBytes(symbol, utf8);
        return utf8;
    }

    private static short[] Invert()
    {
        short[] byteOfCharacter = new short[OthersStart + OtherCount];
        Array.Fill(byteOfCharacter, (short)-1);
        int other = OthersStart;
        for (short value = 0; value < 256; value++)
        {
            bool isItself = value is (>= 33 and <= 126) or (>= 161 and <= 172) or (>= 174 and <= 255);
            byteOfCharacter[isItself ? value : other++] = value;
        }

        return byteOfCharacter;
    }
}
