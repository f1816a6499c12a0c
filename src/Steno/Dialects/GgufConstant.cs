using System.Globalization;
using Steno.Formats.Gguf;

namespace Steno.Dialects;

/// <summary>A key of a GGUF dialect that has one value in all of its files, which a reader may rely on.</summary>
/// <param name="Key">The key.</param>
/// <param name="Value">A <see cref="uint"/>, <see cref="float"/>, <see cref="bool"/> or <see cref="string"/>, stored as such.</param>
internal readonly record struct GgufConstant(string Key, object Value)
{
    /// <summary>The value as messages show it.</summary>
    public string ValueText => Text(Value);

    /// <summary>Looks whether a file that has the key has another value.</summary>
    /// <param name="metadata">The file.</param>
    /// <returns>What it has; null where the key is absent or has this value.</returns>
    /// <exception cref="ModelFormatException">The value is of another kind.</exception>
    public string? FindOther(GgufMetadata metadata)
    {
        object? found = Value switch
        {
            uint => (uint?)metadata.Integer(Key, 0, uint.MaxValue),
            float => (float?)metadata.Number(Key, float.MinValue, float.MaxValue),
            bool => metadata.Flag(Key),
            _ => metadata.Text(Key),
        };
        return found is null || found.Equals(Value) ? null : Text(found);
    }

    /// <summary>Writes the key.</summary>
    public void AddTo(GgufWriter file)
    {
        switch (Value)
        {
            case uint number: file.Add(Key, number); break;
            case float number: file.Add(Key, number); break;
            case bool flag: file.Add(Key, flag); break;
            default: file.Add(Key, (string)Value); break;
        }
    }

    private static string Text(object value) => value switch
    {
        bool flag => flag ? "true" : "false",
        string text => $"'{Formats.MessageText.Excerpt(text)}'",
        _ => ((IFormattable)value).ToString(null, CultureInfo.InvariantCulture),
    };
}
