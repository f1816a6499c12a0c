namespace Steno.Packing;

/// <summary>The constants of packed files.</summary>
internal static class PackedLayout
{
    /// <summary>
    /// Version of all that lies in such a file, the panels of every <see cref="Kernels.WeightFormat"/> included: another one for each change of any of them.
    /// A file of another version is not used.
    /// </summary>
    public const int Version = 1;

    /// <summary>Ends the name of a packed file.</summary>
    public const string Suffix = ".steno-pack";

    /// <summary>Bytes before the header: magic, version, length of the header, length of the file, checksum of all these and the header.</summary>
    public const int PrefixBytes = 32;

    /// <summary>Largest header. That of the 1.7B model has 0.1 MB.</summary>
    public const int MaxHeaderBytes = 16 << 20;

    /// <summary>Most matrices and vectors.</summary>
    public const int MaxEntryCount = 65_536;

    /// <summary>Most files that it was made of.</summary>
    public const int MaxSourceCount = 300;

    /// <summary>Boundary on which each matrix and vector begins, as <see cref="Tensors.AlignedBuffer{T}"/> has it.</summary>
    public const int Alignment = 64;

    /// <summary>Boundary on which the first one begins: a page.</summary>
    public const int PayloadAlignment = 4096;

    /// <summary>The first bytes of such a file.</summary>
    public static ReadOnlySpan<byte> Magic => "StenoPak"u8;

    /// <summary>The next multiple of a boundary.</summary>
    public static long Align(long offset, int boundary) => (offset + boundary - 1) / boundary * boundary;
}
