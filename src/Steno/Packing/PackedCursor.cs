using System.Globalization;
using Steno.Formats;
using Steno.Kernels;

namespace Steno.Packing;

/// <summary>Goes through the matrices and vectors of a packed file.</summary>
/// <param name="path">The file, for messages.</param>
/// <param name="entries">What the header lists.</param>
/// <param name="memory">The file's bytes.</param>
internal sealed unsafe class PackedCursor(string path, IReadOnlyList<PackedEntry> entries, PackedMemory memory)
{
    private int _next;

    /// <summary>Number format of the next one; null for a vector, and at the end.</summary>
    public WeightFormat? NextFormat => _next < entries.Count ? entries[_next].Format : null;

    /// <summary>The next one.</summary>
    /// <exception cref="ModelFormatException">It is another than what is asked for.</exception>
    public PackedEntry Next(string name, WeightFormat? format, int rowCount, int columnCount, bool isPaired)
    {
        if (_next == entries.Count) throw Fault("it ends before " + name);
        PackedEntry entry = entries[_next++];
        bool isAsked = entry.Name == name && entry.Format == format && entry.RowCount == rowCount && entry.ColumnCount == columnCount && entry.IsPaired == isPaired;
        return isAsked ? entry : throw Fault("it holds other weights than the model calls for", Describe(name, rowCount, columnCount), Describe(entry.Name, entry.RowCount, entry.ColumnCount));
    }

    /// <summary>Sees that all were asked for.</summary>
    /// <exception cref="ModelFormatException">There are more.</exception>
    public void RequireEnd()
    {
        if (_next < entries.Count) throw Fault("it holds more weights than the model calls for", "the end", Describe(entries[_next].Name, entries[_next].RowCount, entries[_next].ColumnCount));
    }

    public byte* BytesOf(PackedEntry entry) => memory.Pointer + entry.Offset;

    public ModelFormatException Fault(string problem, string? expected = null, string? found = null) => new(problem, path, expected: expected, found: found);

    private static string Describe(string name, int rowCount, int columnCount) =>
        string.Create(CultureInfo.InvariantCulture, $"{MessageText.Excerpt(name)} [{rowCount}, {columnCount}]");
}
