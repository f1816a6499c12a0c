using System.Globalization;
using System.Text;

namespace Steno;

/// <summary>A file of a checkpoint is missing, broken, or contradicts another file of it.</summary>
public sealed class ModelFormatException : StenoException
{
    /// <summary>Creates the exception; the facts that are given are appended to the message.</summary>
    /// <param name="problem">What was wrong, in one sentence without a full stop.</param>
    /// <param name="file">Path of the file at fault, or null when it lies in no single file.</param>
    /// <param name="tensor">Name of the tensor at fault, or null.</param>
    /// <param name="offset">Byte offset in <paramref name="file"/>, or null.</param>
    /// <param name="expected">What was expected there, or null.</param>
    /// <param name="found">What was found instead, or null.</param>
    /// <param name="innerException">The fault that caused this one, or null.</param>
    public ModelFormatException(
        string problem,
        string? file = null,
        string? tensor = null,
        long? offset = null,
        string? expected = null,
        string? found = null,
        Exception? innerException = null)
        : base(Describe(problem, file, tensor, offset, expected, found), innerException)
    {
        File = file;
        Tensor = tensor;
        Offset = offset;
        Expected = expected;
        Found = found;
    }

    /// <summary>Path of the file at fault, or null.</summary>
    public string? File { get; }

    /// <summary>Name of the tensor at fault, or null.</summary>
    public string? Tensor { get; }

    /// <summary>Byte offset in <see cref="File"/>, or null.</summary>
    public long? Offset { get; }

    /// <summary>What was expected, or null.</summary>
    public string? Expected { get; }

    /// <summary>What was found, or null.</summary>
    public string? Found { get; }

    private static string Describe(string problem, string? file, string? tensor, long? offset, string? expected, string? found)
    {
        var text = new StringBuilder();
        if (file is not null) text.Append(file).Append(": ");
        text.Append(problem);
        if (tensor is not null) text.Append("; tensor ").Append(tensor);
        if (offset is not null) text.Append("; at byte ").Append(offset.Value.ToString(CultureInfo.InvariantCulture));
        if (expected is not null) text.Append("; expected ").Append(expected);
        if (found is not null) text.Append("; found ").Append(found);
        return text.Append('.').ToString();
    }
}
