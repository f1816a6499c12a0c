using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Steno.Quantization;

namespace Steno.Tensors;

/// <summary>Widens stored tensors to F32, exactly, and refuses those that hold NaN or infinity: such a file is broken.</summary>
internal static unsafe class TensorConversion
{
    private const int MaxBlockLength = 256;

    // A whole number of blocks of every format, few enough bytes to stay in the processor's caches.
    private const int PieceLength = 1 << 16;

    /// <summary>Copies a whole tensor into memory of its own.</summary>
    /// <exception cref="ModelFormatException">An element is NaN or infinite.</exception>
    public static AlignedBuffer<float> ReadFloats(this in TensorView tensor)
    {
        var buffer = new AlignedBuffer<float>(tensor.ElementCount);
        try
        {
            WidenPieces(tensor, 0, buffer.Pointer, tensor.ElementCount);
            return buffer;
        }
        catch
        {
            buffer.Dispose();
            throw;
        }
    }

    /// <summary>Copies a whole tensor.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="destination">Exactly as long as the tensor.</param>
    /// <exception cref="ModelFormatException">An element is NaN or infinite.</exception>
    public static void CopyTo(this in TensorView tensor, Span<float> destination)
    {
        if (destination.Length != tensor.ElementCount)
        {
            throw new ArgumentException(
                $"The destination must hold the tensor's {tensor.ElementCount} elements, not {destination.Length}.", nameof(destination));
        }
        CopyTo(tensor, 0, destination);
    }

    /// <summary>Copies consecutive elements, such as some rows of a matrix.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="firstElement">Index of the first element, in row-major order.</param>
    /// <param name="destination">As long as the number of elements wanted.</param>
    /// <exception cref="ModelFormatException">A copied element is NaN or infinite.</exception>
    public static void CopyTo(this in TensorView tensor, long firstElement, Span<float> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(firstElement);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstElement, tensor.ElementCount - destination.Length);
        fixed (float* target = destination)
            WidenPieces(tensor, firstElement, target, destination.Length);
    }

    /// <summary>Checks elements whose stored bits are used as they are.</summary>
    /// <exception cref="ModelFormatException">An element is NaN or infinite.</exception>
    public static void RequireFinite(this in TensorView tensor, long firstElement, long count)
    {
        for (long first = firstElement; first < firstElement + count; first += PieceLength)
        {
            long length = Math.Min(PieceLength, firstElement + count - first);
            using LoadedElements loaded = tensor.Load(first, length);
            RequireFiniteInMemory(loaded.Tensor, first, length);
        }
    }

    /// <summary>Reads the codes of one row of a tensor that is multiplied by them; the row must be loaded.</summary>
    /// <param name="tensor">A derived tensor with codes.</param>
    /// <param name="row">Index of the row.</param>
    /// <param name="blocks">Blocks of <see cref="AffineBlock"/>.</param>
    /// <exception cref="ModelFormatException">A weight is NaN or infinite.</exception>
    public static void ReadCodes(this in TensorView tensor, long row, Span<byte> blocks)
    {
        DerivedTensor derived = tensor.Derived!;
        derived.ReadCodes(row, blocks);
        int index = AffineBlock.IndexOfNotFinite(blocks);
        if (index < 0) return;
        int first = index * AffineBlock.Length;
        ThrowNotFinite(tensor, (row * derived.ColumnCount) + first, derived.ColumnCount - first);
    }

    /// <summary>Reads one row of blocks of the tensor's number format; the row must be loaded.</summary>
    /// <param name="tensor">A derived tensor whose number format has blocks.</param>
    /// <param name="row">Index of the row.</param>
    /// <param name="blocks">As many bytes as the row takes.</param>
    /// <exception cref="ModelFormatException">A weight is NaN or infinite.</exception>
    public static void ReadBlocks(this in TensorView tensor, long row, Span<byte> blocks)
    {
        DerivedTensor derived = tensor.Derived!;
        derived.ReadBlocks(row, blocks);
        DTypeInfo info = DTypeInfo.Of(tensor.DType);
        int index = info.IndexOfNotFinite!(blocks);
        if (index >= 0) ThrowNotFinite(tensor, (row * derived.ColumnCount) + (index * info.BlockLength), info.BlockLength);
    }

    private static void RequireFiniteInMemory(in TensorView tensor, long firstElement, long count)
    {
        DTypeInfo info = DTypeInfo.Of(tensor.DType);
        if (tensor.Derived is null && info.IndexOfNotFinite is not null && firstElement % info.BlockLength == 0 && count % info.BlockLength == 0)
        {
            RequireFiniteBlocks(tensor, info, firstElement / info.BlockLength, count / info.BlockLength);
            return;
        }

        const int ChunkLength = 1024;
        float* chunk = stackalloc float[ChunkLength];
        for (long first = firstElement; first < firstElement + count; first += ChunkLength)
            Widen(tensor, first, chunk, Math.Min(ChunkLength, firstElement + count - first));
    }

    private static void RequireFiniteBlocks(in TensorView tensor, DTypeInfo info, long firstBlock, long count)
    {
        const int ChunkLength = 1 << 16;
        for (long first = firstBlock; first < firstBlock + count; first += ChunkLength)
        {
            int length = (int)Math.Min(ChunkLength, firstBlock + count - first);
            int index = info.IndexOfNotFinite!(new ReadOnlySpan<byte>(tensor.At(first * info.BlockLength), length * info.BlockBytes));
            if (index >= 0) ThrowNotFinite(tensor, (first + index) * info.BlockLength, info.BlockLength);
        }
    }

    private static void WidenPieces(in TensorView tensor, long firstElement, float* destination, long count)
    {
        for (long done = 0; done < count; done += PieceLength)
        {
            long first = firstElement + done;
            long length = Math.Min(PieceLength, count - done);
            using LoadedElements loaded = tensor.Load(first, length);
            Widen(loaded.Tensor, first, destination + done, length);
        }
    }

    private static void Widen(in TensorView tensor, long firstElement, float* destination, long count)
    {
        bool isFinite = tensor.DType switch
        {
            _ when tensor.Derived is not null => Derive(tensor.Derived, firstElement, new Span<float>(destination, checked((int)count))),
            DType.F32 => CopyF32((uint*)tensor.At(firstElement), (uint*)destination, count),
            DType.F16 => WidenF16((ushort*)tensor.At(firstElement), (uint*)destination, count),
            DType.BF16 => WidenBF16((ushort*)tensor.At(firstElement), (uint*)destination, count),
            _ => WidenBlocks(tensor, firstElement, new Span<float>(destination, checked((int)count))),
        };
        if (!isFinite) ThrowNotFinite(tensor, firstElement, count);
    }

    private static bool Derive(DerivedTensor derived, long firstElement, Span<float> destination)
    {
        derived.CopyTo(firstElement, destination);
        return AreFinite(destination);
    }

    private static bool CopyF32(uint* source, uint* destination, long count)
    {
        const uint Exponent = 0x7F80_0000;
        Vector256<uint> notFinite = default;
        long i = 0;
        for (; i <= count - Vector256<uint>.Count; i += Vector256<uint>.Count)
        {
            Vector256<uint> bits = Vector256.Load(source + i);
            notFinite |= Vector256.Equals(bits & Vector256.Create(Exponent), Vector256.Create(Exponent));
            bits.Store(destination + i);
        }
        bool isFinite = notFinite == default;
        for (; i < count; i++)
        {
            uint bits = Unsafe.ReadUnaligned<uint>(source + i);
            isFinite &= (bits & Exponent) != Exponent;
            destination[i] = bits;
        }
        return isFinite;
    }

    private static bool WidenBF16(ushort* source, uint* destination, long count)
    {
        const ushort Exponent = 0x7F80;
        Vector256<ushort> notFinite = default;
        long i = 0;
        for (; i <= count - Vector256<ushort>.Count; i += Vector256<ushort>.Count)
        {
            Vector256<ushort> bits = Vector256.Load(source + i);
            notFinite |= Vector256.Equals(bits & Vector256.Create(Exponent), Vector256.Create(Exponent));
            (Vector256<uint> lower, Vector256<uint> upper) = Vector256.Widen(bits);
            (lower << 16).Store(destination + i);
            (upper << 16).Store(destination + i + Vector256<uint>.Count);
        }
        bool isFinite = notFinite == default;
        for (; i < count; i++)
        {
            ushort bits = Unsafe.ReadUnaligned<ushort>(source + i);
            isFinite &= (bits & Exponent) != Exponent;
            destination[i] = (uint)bits << 16;
        }
        return isFinite;
    }

    private static bool WidenF16(ushort* source, uint* destination, long count)
    {
        const ushort Exponent = 0x7C00;
        Vector256<ushort> notFinite = default;
        long i = 0;
        for (; i <= count - Vector256<ushort>.Count; i += Vector256<ushort>.Count)
        {
            Vector256<ushort> bits = Vector256.Load(source + i);
            notFinite |= Vector256.Equals(bits & Vector256.Create(Exponent), Vector256.Create(Exponent));
            (Vector256<uint> lower, Vector256<uint> upper) = Vector256.Widen(bits);
            WidenFiniteF16(lower).Store(destination + i);
            WidenFiniteF16(upper).Store(destination + i + Vector256<uint>.Count);
        }
        bool isFinite = notFinite == default;
        for (; i < count; i++)
        {
            ushort bits = Unsafe.ReadUnaligned<ushort>(source + i);
            isFinite &= (bits & Exponent) != Exponent;
            destination[i] = BitConverter.SingleToUInt32Bits((float)BitConverter.UInt16BitsToHalf(bits));
        }
        return isFinite;
    }

    // Blocks are expanded whole; of the first and of the last one perhaps only a part is wanted.
    private static bool WidenBlocks(in TensorView tensor, long firstElement, Span<float> destination)
    {
        DTypeInfo info = DTypeInfo.Of(tensor.DType);
        Span<float> all = destination;
        Span<float> part = stackalloc float[MaxBlockLength];
        part = part[..info.BlockLength];
        while (!destination.IsEmpty)
        {
            ReadOnlySpan<byte> block = Block(tensor, info, firstElement);
            int skipped = (int)(firstElement % info.BlockLength);
            int length = Math.Min(info.BlockLength - skipped, destination.Length);
            if (length == info.BlockLength)
            {
                info.Dequantize!(block, destination[..length]);
            }
            else
            {
                info.Dequantize!(block, part);
                part.Slice(skipped, length).CopyTo(destination);
            }

            destination = destination[length..];
            firstElement += length;
        }

        return AreFinite(all);
    }

    private static ReadOnlySpan<byte> Block(in TensorView tensor, DTypeInfo info, long element) =>
        new(tensor.At(element), info.BlockBytes);

    private static bool AreFinite(ReadOnlySpan<float> values)
    {
        fixed (float* start = values) return CopyF32((uint*)start, (uint*)start, values.Length);
    }

    // F16 has 5 exponent bits (bias 15) and 10 fraction bits, F32 8 (bias 127) and 23. A normal number only needs its fields
    // moved up by 13 bits and its exponent raised by 127 - 15 = 112. A subnormal is f * 2^-24: given exponent field 113 its bits
    // read 2^-14 + f * 2^-24, so subtracting 2^-14 leaves the value, exactly, without touching an F32 subnormal.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> WidenFiniteF16(Vector256<uint> bits)
    {
        Vector256<uint> sign = (bits & Vector256.Create(0x8000u)) << 16;
        Vector256<uint> normal = ((bits & Vector256.Create(0x7FFFu)) << 13) + Vector256.Create(112u << 23);
        Vector256<uint> subnormal = ((normal + Vector256.Create(1u << 23)).AsSingle() - Vector256.Create(6.103515625e-05f)).AsUInt32();
        Vector256<uint> isSubnormal = Vector256.Equals(bits & Vector256.Create(0x7C00u), Vector256<uint>.Zero);
        return Vector256.ConditionalSelect(isSubnormal, subnormal, normal) | sign;
    }

    private static void ThrowNotFinite(in TensorView tensor, long firstElement, long count)
    {
        for (long i = firstElement; i < firstElement + count; i++)
        {
            float value = ReadElement(tensor, i);
            if (float.IsFinite(value)) continue;
            string found = string.Create(CultureInfo.InvariantCulture, $"{value} at element {i} of shape {tensor.ShapeText}");
            DTypeInfo info = DTypeInfo.Of(tensor.DType);
            long? offset = tensor.FileOffset + (i / info.BlockLength * info.BlockBytes);
            throw new ModelFormatException("a weight is not a finite number", tensor.File, tensor.Name, offset, "finite numbers", found);
        }
    }

    private static float ReadElement(in TensorView tensor, long index) => tensor.DType switch
    {
        _ when tensor.Derived is not null => ReadElement(tensor.Derived, index),
        DType.F32 => Unsafe.ReadUnaligned<float>(tensor.At(index)),
        DType.F16 => (float)Unsafe.ReadUnaligned<Half>(tensor.At(index)),
        DType.BF16 => BitConverter.UInt32BitsToSingle((uint)Unsafe.ReadUnaligned<ushort>(tensor.At(index)) << 16),
        _ => ReadElementOfBlock(tensor, index),
    };

    private static float ReadElement(DerivedTensor derived, long index)
    {
        float value = 0;
        derived.CopyTo(index, new Span<float>(ref value));
        return value;
    }

    private static float ReadElementOfBlock(in TensorView tensor, long index)
    {
        DTypeInfo info = DTypeInfo.Of(tensor.DType);
        Span<float> values = stackalloc float[MaxBlockLength];
        info.Dequantize!(Block(tensor, info, index), values[..info.BlockLength]);
        return values[(int)(index % info.BlockLength)];
    }
}
