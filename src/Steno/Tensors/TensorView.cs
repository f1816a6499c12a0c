namespace Steno.Tensors;

/// <summary>A named tensor that lies in memory owned by an <see cref="IWeightSource"/>; row-major, valid until that source is disposed.</summary>
internal readonly unsafe struct TensorView
{
    /// <summary>Describes a tensor whose bytes the source has already checked to be there.</summary>
    /// <param name="name">The checkpoint's own name.</param>
    /// <param name="file">Path of the file that holds it, for messages.</param>
    /// <param name="dtype">Number format of the elements.</param>
    /// <param name="shape">Dimensions, outermost first.</param>
    /// <param name="data">First byte; need not be aligned.</param>
    /// <param name="fileOffset">Where that byte lies in the file, for messages; null where it does not matter.</param>
    public TensorView(string name, string file, DType dtype, long[] shape, byte* data, long? fileOffset = null)
    {
        Name = name;
        File = file;
        DType = dtype;
        Shape = shape;
        Data = data;
        FileOffset = fileOffset;
        ElementCount = 1;
        foreach (long dimension in shape) ElementCount = checked(ElementCount * dimension);
    }

    /// <summary>Describes a tensor whose values are made when they are read.</summary>
    /// <param name="derived">What makes the values.</param>
    /// <param name="name">The checkpoint's own name.</param>
    /// <param name="file">Path of the file that holds it, for messages.</param>
    /// <param name="dtype">The number format to hold it in, where it cannot be multiplied by its codes.</param>
    /// <param name="shape">Dimensions, outermost first.</param>
    public TensorView(DerivedTensor derived, string name, string file, DType dtype, long[] shape)
        : this(name, file, dtype, shape, null) => Derived = derived;

    public string Name { get; }

    public string File { get; }

    public DType DType { get; }

    public long[] Shape { get; }

    /// <summary>First byte; null where <see cref="Derived"/> makes the values.</summary>
    public byte* Data { get; }

    /// <summary>What makes the values; null where they lie at <see cref="Data"/>.</summary>
    public DerivedTensor? Derived { get; }

    /// <summary>What the file has, in a few words; null for the name of <see cref="DType"/>.</summary>
    public string? Note { get; init; }

    /// <summary>What the file has, in a few words.</summary>
    public string StoredAs => Note ?? Derived?.StoredAs ?? DType.ToString();

    /// <summary>True where the values are made of codes that share scales.</summary>
    public bool IsQuantized => Derived?.IsQuantized ?? DTypeInfo.Of(DType).IsQuantized;

    /// <summary>The number format that holds every value without any loss.</summary>
    public DType LosslessType => Derived?.LosslessType ?? DType;

    /// <summary>Offset of the first byte in the file, or null where it is not known.</summary>
    public long? FileOffset { get; }

    public long ElementCount { get; }

    public long ByteCount => DTypeInfo.Of(DType).BytesOf(ElementCount);

    /// <summary>Shape in the form [a, b].</summary>
    public string ShapeText => $"[{string.Join(", ", Shape)}]";
}
