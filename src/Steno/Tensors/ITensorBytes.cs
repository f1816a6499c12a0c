namespace Steno.Tensors;

/// <summary>Bytes of tensors that are not in memory: a file, or what is computed from one as it is asked for. Safe for any number of threads.</summary>
internal interface ITensorBytes
{
    /// <summary>Reads bytes.</summary>
    /// <param name="offset">Where the first one lies.</param>
    /// <param name="destination">Filled to its end.</param>
    /// <exception cref="ModelFormatException">The bytes are no longer there, or no longer what they were.</exception>
    /// <exception cref="IOException">They cannot be read.</exception>
    void Read(long offset, Span<byte> destination);
}
