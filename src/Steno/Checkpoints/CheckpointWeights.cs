using Steno.Checkpoints.Packed;
using Steno.Formats;
using Steno.Formats.Safetensors;
using Steno.Model;
using Steno.Tensors;

namespace Steno.Checkpoints;

/// <summary>
/// The weights of a checkpoint directory under the original names and in the original shapes, whatever names the files use and however matrices are
/// packed. The tensors that it gives keep the names of their file, so that a message leads to the right place.
/// </summary>
internal sealed class CheckpointWeights : IWeightSource
{
    private const string MatrixSuffix = ".weight";

    private readonly ISafetensors _files;
    private readonly string[] _sortedNames;
    private readonly CheckpointNames _names;
    private readonly Dictionary<string, long[]> _shapes = new(StringComparer.Ordinal);

    /// <summary>Looks at the names in the files, which it will close.</summary>
    /// <param name="files">The files.</param>
    /// <param name="audio">Dimensions of the audio encoder.</param>
    /// <param name="text">Dimensions of the text decoder.</param>
    /// <exception cref="ModelFormatException">A part of a matrix belongs to none of the model.</exception>
    public CheckpointWeights(ISafetensors files, AudioEncoderConfig audio, TextDecoderConfig text)
    {
        _files = files;
        _sortedNames = [.. files.Names];
        Array.Sort(_sortedNames, StringComparer.Ordinal);
        _names = CheckpointNames.Of(_sortedNames);
        foreach ((string name, long[] shape) in ModelTensors.Of(audio, text)) _shapes.Add(name, shape);

        // A head of other outputs than the vocabulary, as aligners have one, is as wide as the decoder too.
        _shapes.TryAdd(ModelTensors.LmHead, [0, text.Width]);
        RequireMatricesOfParts();
    }

    /// <inheritdoc/>
    public string Location => _files.Location;

    /// <inheritdoc/>
    /// <exception cref="ModelFormatException">The tensor is stored in a number format that Steno does not compute with, or parts of it are missing.</exception>
    /// <exception cref="UnsupportedModelException">The matrix is packed in a form that Steno does not read.</exception>
    public bool TryGetTensor(string name, out TensorView tensor)
    {
        string stored = _names.Translate(name);
        if (!name.EndsWith(MatrixSuffix, StringComparison.Ordinal) || !_shapes.TryGetValue(name, out long[]? shape) || shape.Length == 1)
            return _files.TryGetTensor(stored, out tensor);
        if (shape.Length == 2) return ModuleReader.TryRead(ModuleOf(stored, shape), out tensor);
        if (!_files.TryGetTensor(stored, out tensor)) return false;
        tensor = InOriginalOrder(tensor, shape);
        return true;
    }

    /// <summary>What the files have: a packed matrix with all of its parts as one, everything else tensor by tensor.</summary>
    /// <exception cref="ModelFormatException">Parts of a matrix are missing, or contradict each other.</exception>
    /// <exception cref="UnsupportedModelException">A matrix is packed in a form that Steno does not read.</exception>
    public IEnumerable<(string StoredAs, long[] Shape, long ByteCount)> Describe()
    {
        var parts = new HashSet<string>(StringComparer.Ordinal);
        foreach ((string name, long[] shape) in _shapes.Where(tensor => tensor.Value.Length == 2))
        {
            ModuleTensors module = ModuleOf(_names.Translate(name), shape);
            if (!ModuleReader.TryRead(module, out TensorView matrix) || (matrix.Derived is null && matrix.Note is null)) continue;
            parts.UnionWith(module.Parts.Select(part => part.Name));
            yield return (matrix.StoredAs, matrix.Shape, module.Parts.Sum(part => part.ByteCount));
        }

        foreach (RawTensor tensor in _sortedNames.Where(name => !parts.Contains(name)).Select(name => _files.FindRaw(name)!))
            yield return (MessageText.Excerpt(tensor.DTypeName), tensor.Shape, tensor.ByteCount);
    }

    /// <summary>Closes the files.</summary>
    public void Dispose() => _files.Dispose();

    // A part under a name that is not quite its own would be missed by nobody.
    private void RequireMatricesOfParts()
    {
        foreach (string name in _sortedNames)
        {
            if (ModuleReader.OptionalParts.FirstOrDefault(part => name.EndsWith("." + part, StringComparison.Ordinal)) is not { } part) continue;
            string matrix = _names.ToOriginal(name[..^(part.Length + 1)] + MatrixSuffix);
            if (_shapes.TryGetValue(matrix, out long[]? shape) && shape.Length == 2) continue;
            throw new ModelFormatException(
                "a part of a quantised matrix belongs to none of the model's matrices", _files.Location, MessageText.Excerpt(name), expected: $"the name of a matrix before .{part}", found: "a name that the model does not have");
        }
    }

    private ModuleTensors ModuleOf(string stored, long[] shape) => new(_files, _sortedNames, stored[..^MatrixSuffix.Length], (int)shape[1]);

    // The kernels of a convolution are [out, in, 3, 3], or [out, 3, 3, in] as MLX wants them.
    private static TensorView InOriginalOrder(in TensorView kernel, long[] shape)
    {
        long[] permuted = [shape[0], shape[2], shape[3], shape[1]];
        if (!kernel.Shape.AsSpan().SequenceEqual(permuted)) return kernel;
        if (permuted.AsSpan().SequenceEqual(shape))
        {
            throw new ModelFormatException(
                "the order of the kernel's dimensions cannot be told, since all are alike",
                kernel.File,
                MessageText.Excerpt(kernel.Name),
                kernel.FileOffset,
                "another number of channels than the side of a kernel",
                kernel.ShapeText);
        }

        return new TensorView(new PermutedKernel(new LoadedElements(kernel)), kernel.Name, kernel.File, kernel.DType, shape);
    }
}
