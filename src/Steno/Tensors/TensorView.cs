namespace Steno.Tensors;

/// <summary>
/// A named tensor of a checkpoint: what it is, and where its bytes are, in memory or behind an <see cref="ITensorBytes"/>; row-major, valid until
/// its source is disposed.
/// </summary>
internal readonly unsafe struct TensorView
{
    private readonly byte* _data;
    private readonly long _firstElement;
    private readonly ITensorBytes? _source;
    private readonly bool _isLoaded;
    private readonly long _start;

    /// <summary>Describes a tensor in memory.</summary>
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
        FileOffset = fileOffset;
        ElementCount = 1;
        foreach (long dimension in shape) ElementCount = checked(ElementCount * dimension);
        _data = data;
    }

    /// <summary>Describes a tensor whose bytes are read when they are needed.</summary>
    /// <param name="name">The checkpoint's own name.</param>
    /// <param name="file">Path of the file that holds it, for messages.</param>
    /// <param name="dtype">Number format of the elements.</param>
    /// <param name="shape">Dimensions, outermost first.</param>
    /// <param name="source">What reads the bytes.</param>
    /// <param name="start">Where the first byte lies in the source.</param>
    /// <param name="fileOffset">Where that byte lies in the file, for messages; null where it does not matter.</param>
    public TensorView(string name, string file, DType dtype, long[] shape, ITensorBytes source, long start, long? fileOffset = null)
        : this(name, file, dtype, shape, null, fileOffset)
    {
        _source = source;
        _start = start;
    }

    /// <summary>Describes a tensor whose values are made when they are read.</summary>
    /// <param name="derived">What makes the values.</param>
    /// <param name="name">The checkpoint's own name.</param>
    /// <param name="file">Path of the file that holds it, for messages.</param>
    /// <param name="dtype">The number format to hold it in, where it cannot be multiplied by its codes.</param>
    /// <param name="shape">Dimensions, outermost first.</param>
    public TensorView(DerivedTensor derived, string name, string file, DType dtype, long[] shape)
        : this(name, file, dtype, shape, data: null) => Derived = derived;

    private TensorView(in TensorView whole, DerivedTensor rows)
    {
        this = whole;
        Derived = rows;
        _isLoaded = true;
    }

    private TensorView(in TensorView whole, long firstElement, byte* data)
    {
        this = whole;
        _source = null;
        _data = data;
        _firstElement = firstElement;
    }

    private TensorView(in TensorView other, long[] shape)
    {
        this = other;
        Shape = shape;
    }

    public string Name { get; }

    public string File { get; }

    public DType DType { get; }

    public long[] Shape { get; }

    /// <summary>What makes the values; null where their bytes lie one behind the other.</summary>
    public DerivedTensor? Derived { get; }

    /// <summary>What the file has, in a few words; null for what the values are made of, or the name of <see cref="DType"/>.</summary>
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

    /// <summary>The block of an element that is in memory; need not be aligned.</summary>
    /// <param name="element">Index in row-major order.</param>
    public byte* At(long element)
    {
        DTypeInfo info = DTypeInfo.Of(DType);
        return _data + ((element - _firstElement) / info.BlockLength * info.BlockBytes);
    }

    /// <summary>The same elements in other dimensions.</summary>
    /// <param name="shape">Dimensions with the same product.</param>
    public TensorView WithShape(long[] shape) => new(this, shape);

    /// <summary>Brings consecutive elements into memory, where they are not there already.</summary>
    /// <param name="firstElement">Index of the first.</param>
    /// <param name="count">How many: few enough for a buffer of their own.</param>
    /// <exception cref="ModelFormatException">The bytes are no longer there, or no longer what they were.</exception>
    public LoadedElements Load(long firstElement, long count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(firstElement);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstElement, ElementCount - count);
        if (Derived is not null && !_isLoaded) return LoadRows(Derived, firstElement, count);
        if (_source is null) return new LoadedElements(this);
        DTypeInfo info = DTypeInfo.Of(DType);
        long firstBlock = firstElement / info.BlockLength;
        long endBlock = (firstElement + count + info.BlockLength - 1) / info.BlockLength;
        var buffer = new ReadBuffer(checked((int)((endBlock - firstBlock) * info.BlockBytes)));
        try
        {
            _source.Read(_start + (firstBlock * info.BlockBytes), buffer.Bytes);
            return new LoadedElements(new TensorView(this, firstBlock * info.BlockLength, buffer.Pointer), buffer);
        }
        catch
        {
            buffer.Dispose();
            throw;
        }
    }

    private LoadedElements LoadRows(DerivedTensor derived, long firstElement, long count)
    {
        long firstRow = firstElement / derived.ColumnCount;
        long endRow = (firstElement + count + derived.ColumnCount - 1) / derived.ColumnCount;
        DerivedTensor rows = derived.Load(firstRow, endRow - firstRow);
        return new LoadedElements(new TensorView(this, rows), rows: rows);
    }
}
