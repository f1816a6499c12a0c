using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Steno.Tensors;

/// <summary>Widens stored tensors to F32, exactly, and refuses those that hold NaN or infinity: such a file is broken.</summary>
internal static unsafe class TensorConversion
{
    /// <summary>Copies a whole tensor into memory of its own.</summary>
    /// <exception cref="ModelFormatException">An element is NaN or infinite.</exception>
    public static AlignedBuffer<float> ReadFloats(this in TensorView tensor)
    {
        var buffer = new AlignedBuffer<float>(tensor.ElementCount);
        try
        {
            Widen(tensor, 0, buffer.Pointer, tensor.ElementCount);
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
            Widen(tensor, firstElement, target, destination.Length);
    }

    /// <summary>Checks elements whose stored bits are used as they are.</summary>
    /// <exception cref="ModelFormatException">An element is NaN or infinite.</exception>
    public static void RequireFinite(this in TensorView tensor, long firstElement, long count)
    {
        const int ChunkLength = 1024;
        float* chunk = stackalloc float[ChunkLength];
        for (long first = firstElement; first < firstElement + count; first += ChunkLength)
            Widen(tensor, first, chunk, Math.Min(ChunkLength, firstElement + count - first));
    }

    private static void Widen(in TensorView tensor, long firstElement, float* destination, long count)
    {
        bool isFinite = tensor.DType switch
        {
            DType.F32 => CopyF32((uint*)tensor.Data + firstElement, (uint*)destination, count),
            DType.F16 => WidenF16((ushort*)tensor.Data + firstElement, (uint*)destination, count),
            DType.BF16 => WidenBF16((ushort*)tensor.Data + firstElement, (uint*)destination, count),
            _ => throw new ArgumentOutOfRangeException(nameof(tensor), tensor.DType, "Not a floating-point format."),
        };
        if (!isFinite) ThrowNotFinite(tensor, firstElement, count);
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
            throw new ModelFormatException("a weight is not a finite number", tensor.File, tensor.Name, null, "finite numbers", found);
        }
    }

    private static float ReadElement(in TensorView tensor, long index) => tensor.DType switch
    {
        DType.F32 => Unsafe.ReadUnaligned<float>((float*)tensor.Data + index),
        DType.F16 => (float)Unsafe.ReadUnaligned<Half>((Half*)tensor.Data + index),
        _ => BitConverter.UInt32BitsToSingle((uint)Unsafe.ReadUnaligned<ushort>((ushort*)tensor.Data + index) << 16),
    };
}
