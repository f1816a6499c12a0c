using Steno.Checkpoints;
using Steno.Formats;
using Steno.Formats.Gguf;
using Steno.Tensors;

namespace Steno.Dialects;

/// <summary>The tensors of a file of audio.cpp under the original names, whichever names the checkpoint had that it was made from.</summary>
internal sealed class AudioCppWeights : IWeightSource
{
    private readonly GgufFile _file;
    private readonly CheckpointNames _names;
    private readonly Dictionary<string, (GgufTensor Tensor, long[] Shape)> _tensors = new(StringComparer.Ordinal);

    /// <summary>Reads names and shapes.</summary>
    /// <param name="file">The file, which this source then owns.</param>
    /// <exception cref="ModelFormatException">What the file says of its tensors contradicts them.</exception>
    public AudioCppWeights(GgufFile file)
    {
        _file = file;
        file.RequireContiguous();
        GgufMetadata metadata = file.Metadata;
        GgufTensor[] stored = [.. file.Tensors.Values];
        string[] names = ReadNames(metadata, stored);
        long[][] shapes = ReadShapes(metadata, stored);
        for (int i = 0; i < stored.Length; i++)
        {
            if (!_tensors.TryAdd(names[i], (stored[i], shapes[i])))
                throw metadata.Fault(AudioCppKeys.TensorNames, $"has the name {MessageText.Excerpt(names[i])} twice");
        }

        Array.Sort(names, StringComparer.Ordinal);
        _names = CheckpointNames.Of(names);
    }

    /// <inheritdoc/>
    public string Location => _file.Location;

    /// <inheritdoc/>
    /// <exception cref="ModelFormatException">The tensor is stored in a number format that Steno does not compute with.</exception>
    public bool TryGetTensor(string name, out TensorView tensor)
    {
        tensor = default;
        if (!_tensors.TryGetValue(_names.Translate(name), out (GgufTensor Tensor, long[] Shape) found) || !_file.TryGetTensor(found.Tensor.Name, out TensorView view)) return false;
        tensor = view.WithShape(found.Shape);
        return true;
    }

    public void Dispose() => _file.Dispose();

    private static string[] ReadNames(GgufMetadata metadata, GgufTensor[] stored)
    {
        string[] names = [.. stored.Select(tensor => tensor.Name)];
        if (metadata.Has(AudioCppKeys.TensorNames))
        {
            GgufTexts texts = metadata.Texts(AudioCppKeys.TensorNames, GgufHeader.MaxTensorCount);
            if (texts.Count != stored.Length)
                throw metadata.Fault(AudioCppKeys.TensorNames, "has another length than the list of tensors", $"{stored.Length}", $"{texts.Count}");
            for (int i = 0; i < names.Length; i++) names[i] = GgufReader.Decode(texts.ReadNext());
        }

        GgufTexts sources = metadata.Texts(AudioCppKeys.SourceNames, GgufHeader.MaxKeyCount);
        for (int i = 0; i < sources.Count; i++)
        {
            ReadOnlySpan<byte> source = sources.ReadNext();
            if (source.IsEmpty) continue;
            string prefix = GgufReader.Decode(source) + "/";
            for (int k = 0; k < names.Length; k++)
            {
                if (names[k].StartsWith(prefix, StringComparison.Ordinal)) names[k] = names[k][prefix.Length..];
            }
        }

        return names;
    }

    // GGML drops dimensions of one; the lists have the tensor's own.
    private static long[][] ReadShapes(GgufMetadata metadata, GgufTensor[] stored)
    {
        if (!metadata.Has(AudioCppKeys.TensorRanks) && !metadata.Has(AudioCppKeys.TensorShapes)) return [.. stored.Select(tensor => tensor.Shape)];
        int[] ranks = metadata.Integers(AudioCppKeys.TensorRanks, GgufHeader.MaxTensorCount) ?? [];
        int[] dimensions = metadata.Integers(AudioCppKeys.TensorShapes, GgufHeader.MaxTensorCount * GgufHeader.MaxRank) ?? [];
        if (ranks.Length != stored.Length || ranks.Any(rank => rank is < 0 or > GgufHeader.MaxRank) || ranks.Sum() != dimensions.Length)
        {
            throw metadata.Fault(
                AudioCppKeys.TensorRanks, $"does not fit {AudioCppKeys.TensorShapes} and the tensors", $"{stored.Length} numbers from 0 to {GgufHeader.MaxRank} whose sum is {dimensions.Length}", $"{ranks.Length} numbers");
        }

        long[][] shapes = new long[stored.Length][];
        int start = 0;
        for (int i = 0; i < stored.Length; i++)
        {
            shapes[i] = [.. dimensions.AsSpan(start, ranks[i])];
            start += ranks[i];
            if (!IsSame(shapes[i], stored[i]))
                throw metadata.Fault(AudioCppKeys.TensorShapes, $"contradicts the tensor {MessageText.Excerpt(stored[i].Name)}", stored[i].ShapeText, $"[{string.Join(", ", shapes[i])}]");
        }

        return shapes;
    }

    private static bool IsSame(long[] shape, GgufTensor stored) =>
        shape.Where(dimension => dimension != 1).SequenceEqual(stored.Shape.Where(dimension => dimension != 1))
        && (stored.Type.BlockLength <= 1 || (shape.Length > 0 && shape[^1] == stored.Shape[^1]));
}
