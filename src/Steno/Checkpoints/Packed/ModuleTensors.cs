using Steno.Formats;
using Steno.Formats.Safetensors;
using Steno.Tensors;

namespace Steno.Checkpoints.Packed;

/// <summary>The tensors of one linear layer: its matrix, in whatever form, and what lies beside it under the same prefix.</summary>
internal sealed class ModuleTensors
{
    private readonly ISafetensors _files;
    private readonly string _prefix;

    /// <summary>Finds the tensors of a module.</summary>
    /// <param name="files">The files.</param>
    /// <param name="sortedNames">All names in them, in ordinal order.</param>
    /// <param name="module">The module's name in the files.</param>
    /// <param name="columnCount">Width of a row of its matrix.</param>
    public ModuleTensors(ISafetensors files, string[] sortedNames, string module, int columnCount)
    {
        _files = files;
        _prefix = module + ".";
        ColumnCount = columnCount;
        int first = Array.BinarySearch(sortedNames, _prefix, StringComparer.Ordinal);
        var suffixes = new List<string>();
        for (int i = first < 0 ? ~first : first; i < sortedNames.Length && sortedNames[i].StartsWith(_prefix, StringComparison.Ordinal); i++)
            suffixes.Add(sortedNames[i][_prefix.Length..]);
        Suffixes = suffixes;
    }

    /// <summary>Width of a row of the matrix, which the configuration says.</summary>
    public int ColumnCount { get; }

    /// <summary>What stands behind the module's name and a dot, for each of its tensors.</summary>
    public IReadOnlyList<string> Suffixes { get; }

    /// <summary>The tensors of the module, but for the bias of the layer.</summary>
    public IEnumerable<RawTensor> Parts => Suffixes.Where(suffix => suffix != "bias").Select(Require);

    /// <summary>Finds a tensor of the module; null when there is none.</summary>
    public RawTensor? Find(string suffix) => _files.FindRaw(_prefix + suffix);

    /// <summary>Finds a tensor that must be there.</summary>
    /// <exception cref="ModelFormatException">It is missing.</exception>
    public RawTensor Require(string suffix) => Find(suffix) ?? throw new ModelFormatException(
        "a part of a quantised matrix is missing", _files.Location, MessageText.Excerpt(_prefix + suffix), expected: "the tensor", found: "no tensor of that name");

    /// <summary>Finds a matrix of plain numbers.</summary>
    /// <exception cref="ModelFormatException">It is stored in a number format that Steno does not compute with.</exception>
    public bool TryGetPlain(string suffix, out TensorView tensor) => _files.TryGetTensor(_prefix + suffix, out tensor);

    /// <summary>The exception that says which form was found and that it is none that Steno reads.</summary>
    public UnsupportedModelException Unsupported(string reason) => new(
        $"{_files.Location}: {MessageText.Excerpt(_prefix[..^1])} is stored in a form that Steno does not read: {reason}. "
        + "Fetch the original model (steno pull 0.6b or 1.7b), or one in a form that docs/models.md lists.");

    /// <summary>The exception that says what is wrong with a tensor.</summary>
    public static ModelFormatException Fault(RawTensor tensor, string problem, string expected, string? found = null) =>
        new(problem, tensor.File, MessageText.Excerpt(tensor.Name), tensor.FileOffset, expected, found ?? $"{MessageText.Excerpt(tensor.DTypeName)} {tensor.ShapeText}");
}
