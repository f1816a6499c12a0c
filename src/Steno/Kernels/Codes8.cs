using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Steno.Kernels;

/// <summary>8 bits a weight: 8 quads of 64 bytes, 4 codes for each of the 16 outputs.</summary>
internal readonly unsafe struct Codes8 : IPanelCodes
{
    private const int QuadBytes = 64;

    public static int CodeOffset => 128;

    public static int MaxCode => 255;

    public static int ByteCount => QuantizedRows.QuadCount * QuadBytes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Codes512(byte* block, int pair, int member) => Vector512.Load(block + ((pair + member) * QuadBytes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Codes256(byte* block, int pair, int member, int half) => Vector256.Load(block + ((pair + member) * QuadBytes) + (half * 32));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Codes128(byte* block, int pair, int member, int quarter) => Vector128.Load(block + ((pair + member) * QuadBytes) + (quarter * 16));

    public static int Code(byte* block, int column, int output) => block[(column / 4 * QuadBytes) + (output * 4) + (column % 4)];

    public static void SetCodes(byte* block, int output, uint* codes)
    {
        for (int quad = 0; quad < QuantizedRows.QuadCount; quad++) *(uint*)(block + (quad * QuadBytes) + (output * 4)) = codes[quad];
    }
}
