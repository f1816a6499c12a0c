using System.Globalization;
using Steno.Checkpoints;
using Steno.Formats;
using Steno.Formats.Gguf;
using Steno.Tensors;

namespace Steno.Dialects;

/// <summary>
/// The GGUF files of one model, under the original tensor names. The tensors that it gives keep the names of their file, so that a
/// message leads to the right place, but have the shapes of the original checkpoint.
/// </summary>
internal sealed class GgufWeights : IWeightSource
{
    public GgufWeights(GgufFile text, GgufFile audio, GgufDialect dialect)
    {
        Text = text;
        Audio = audio;
        Dialect = dialect;
    }

    /// <summary>The file with the language model, and with the tokenizer.</summary>
    public GgufFile Text { get; }

    /// <summary>The file with the audio tower: the same one, or the other of a pair.</summary>
    public GgufFile Audio { get; }

    public GgufDialect Dialect { get; }

    /// <inheritdoc/>
    public string Location => Text.Location;

    /// <inheritdoc/>
    /// <exception cref="ModelFormatException">The tensor is stored in a number format that Steno does not compute with.</exception>
    public bool TryGetTensor(string name, out TensorView tensor)
    {
        tensor = default;
        if (Dialect.Names.Translate(name) is not { } stored || !FileOf(name).TryGetTensor(stored, out TensorView found)) return false;
        tensor = found.WithShape(OriginalShape(name, found.Shape));
        return true;
    }

    /// <summary>A tensor that must be there.</summary>
    /// <exception cref="ModelFormatException">It is missing, or stored in a number format that Steno does not compute with.</exception>
    public TensorView Require(string name)
    {
        if (TryGetTensor(name, out TensorView tensor)) return tensor;
        string stored = Dialect.Names.Translate(name) ?? name;
        throw new ModelFormatException(
            "the file lacks a tensor of the model", FileOf(name).Location, stored, expected: "the tensor", found: "no tensor of that name");
    }

    /// <summary>Number of layers of one half of the model: every number from 0 up must occur.</summary>
    /// <exception cref="ModelFormatException">There is no layer, a layer is missing, or a number is impossible.</exception>
    public int CountLayers(bool isAudio)
    {
        GgufFile file = isAudio ? Audio : Text;
        string prefix = isAudio ? Dialect.Names.AudioLayerPrefix : Dialect.Names.TextLayerPrefix;
        var numbers = new HashSet<int>();
        foreach (string name in file.Tensors.Keys)
        {
            if (!name.StartsWith(prefix, StringComparison.Ordinal)) continue;
            int end = name.IndexOf('.', prefix.Length);
            if (end < 0 || !int.TryParse(name.AsSpan(prefix.Length, end - prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int number) || number >= ModelLimits.MaxLayerCount)
            {
                throw new ModelFormatException(
                    "a tensor's name has no layer number",
                    file.Location,
                    MessageText.Excerpt(name),
                    expected: $"a number below {ModelLimits.MaxLayerCount} after {prefix}");
            }
            numbers.Add(number);
        }

        int count = numbers.Count == 0 ? 1 : numbers.Max() + 1;
        for (int i = 0; i < count; i++)
        {
            if (!numbers.Contains(i))
            {
                throw new ModelFormatException(
                    "the file lacks a layer of the model",
                    file.Location,
                    expected: $"tensors whose names begin with {prefix}{i}.",
                    found: "none");
            }
        }

        return count;
    }

    public void Dispose()
    {
        Text.Dispose();
        Audio.Dispose();
    }

    private GgufFile FileOf(string name) => name.StartsWith(ModelTensors.AudioPrefix, StringComparison.Ordinal) ? Audio : Text;

    // Files keep ones that the original shape does not have (the bias of a convolution as [n, 1, 1]), or have lost some that it has.
    private static long[] OriginalShape(string name, long[] shape)
    {
        int rank = RankOf(name);
        if (shape.Length == rank) return shape;
        if (rank == 1) return shape.Count(dimension => dimension != 1) <= 1 ? [shape.Aggregate(1L, (product, dimension) => product * dimension)] : shape;
        if (shape.Length < rank) return [.. Enumerable.Repeat(1L, rank - shape.Length), .. shape];
        return shape.Take(shape.Length - rank).All(dimension => dimension == 1) ? shape[^rank..] : shape;
    }

    private static int RankOf(string name)
    {
        bool isVector = name.EndsWith(".bias", StringComparison.Ordinal) || name.Contains("norm", StringComparison.Ordinal) || name.Contains("ln_post", StringComparison.Ordinal);
        if (isVector) return 1;
        return name.Contains(".conv2d", StringComparison.Ordinal) ? 4 : 2;
    }
}
