using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Steno.Quantization;

namespace Steno.Tensors;

/// <summary>Stores F32 values in another number format.</summary>
internal static class TensorEncoding
{
    /// <summary>Stores values one after the other.</summary>
    /// <param name="values">Finite; a whole number of blocks.</param>
    /// <param name="type">The format; one that Steno writes.</param>
    /// <param name="destination">Exactly as many bytes as the values take.</param>
    /// <exception cref="ArgumentException">The lengths do not fit, or Steno does not write the format.</exception>
    public static void Encode(ReadOnlySpan<float> values, DType type, Span<byte> destination)
    {
        DTypeInfo info = DTypeInfo.Of(type);
        if (values.Length % info.BlockLength != 0 || destination.Length != info.BytesOf(values.Length))
            throw new ArgumentException($"{values.Length} values of {type} do not take {destination.Length} bytes.", nameof(destination));
        switch (type)
        {
            case DType.F32:
                MemoryMarshal.AsBytes(values).CopyTo(destination);
                break;
            case DType.F16:
                for (int i = 0; i < values.Length; i++) BinaryPrimitives.WriteHalfLittleEndian(destination[(2 * i)..], (Half)values[i]);
                break;
            case DType.BF16:
                for (int i = 0; i < values.Length; i++) BinaryPrimitives.WriteUInt16LittleEndian(destination[(2 * i)..], ((BFloat16)values[i]).Bits);
                break;
            default:
                EncodeBlocks(values, info, destination);
                break;
        }
    }

    /// <summary>Stores a row, where some columns count more than others; formats without blocks make no difference.</summary>
    /// <param name="values">Finite; a whole number of blocks.</param>
    /// <param name="importance">One positive number for each column.</param>
    /// <param name="type">The format; one that Steno writes.</param>
    /// <param name="destination">Exactly as many bytes as the values take.</param>
    /// <exception cref="ArgumentException">The lengths do not fit, or Steno does not write the format.</exception>
    public static void Encode(ReadOnlySpan<float> values, ReadOnlySpan<float> importance, DType type, Span<byte> destination)
    {
        DTypeInfo info = DTypeInfo.Of(type);
        if (info.QuantizeWeighted is null)
        {
            Encode(values, type, destination);
            return;
        }

        if (values.Length % info.BlockLength != 0 || destination.Length != info.BytesOf(values.Length) || importance.Length != values.Length)
            throw new ArgumentException($"{values.Length} values of {type} with {importance.Length} weights do not take {destination.Length} bytes.", nameof(destination));
        float meanSquare = ErrorWeights.MeanSquare(values);
        for (int i = 0; i < values.Length / info.BlockLength; i++)
        {
            int first = i * info.BlockLength;
            info.QuantizeWeighted(values.Slice(first, info.BlockLength), importance.Slice(first, info.BlockLength), meanSquare, destination.Slice(i * info.BlockBytes, info.BlockBytes));
        }
    }

    private static void EncodeBlocks(ReadOnlySpan<float> values, DTypeInfo info, Span<byte> destination)
    {
        if (info.Quantize is null) throw new ArgumentException($"{info.Type} is a format that Steno only reads.", nameof(info));
        for (; !values.IsEmpty; values = values[info.BlockLength..], destination = destination[info.BlockBytes..])
            info.Quantize(values[..info.BlockLength], destination[..info.BlockBytes]);
    }
}
