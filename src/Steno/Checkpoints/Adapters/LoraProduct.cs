using Steno.Formats;
using Steno.Tensors;

namespace Steno.Checkpoints.Adapters;

/// <summary>The two matrices of an adapter for one of the model: W [out, in] becomes W + scale * B [out, rank] * A [rank, in].</summary>
/// <param name="file">Path of the adapter's weights, for messages.</param>
/// <param name="module">The module by the adapter's name for it, for messages.</param>
/// <param name="shape">Shape of the model's matrix.</param>
/// <param name="rank">Rank that the adapter's configuration says.</param>
/// <param name="scale">What the product is multiplied by.</param>
internal sealed class LoraProduct(string file, string module, long[] shape, int rank, float scale)
{
    private TensorView? _a;
    private TensorView? _b;

    /// <summary>Takes one of the two.</summary>
    /// <exception cref="ModelFormatException">It is there already, or has another shape than the configuration calls for.</exception>
    public void Set(in TensorView factor, bool isA)
    {
        if (isA ? _a is not null : _b is not null)
            throw new ModelFormatException("the adapter has the same matrix twice", file, MessageText.Excerpt(factor.Name), expected: "one");
        long[] expected = isA ? [rank, shape[^1]] : [shape[0], rank];
        if (shape.Length != 2 || !factor.Shape.AsSpan().SequenceEqual(expected))
        {
            string wanted = shape.Length == 2 ? $"shape [{string.Join(", ", expected)}]" : "an adapter of a matrix: those of convolutions are not applied";
            throw new ModelFormatException("a matrix of the adapter does not fit the model and the rank in adapter_config.json", file, MessageText.Excerpt(factor.Name), factor.FileOffset, wanted, $"shape {factor.ShapeText}");
        }

        if (isA) _a = factor;
        else _b = factor;
    }

    /// <summary>Sees that both are there.</summary>
    /// <exception cref="ModelFormatException">One is missing.</exception>
    public void Check()
    {
        if (_a is not null && _b is not null) return;
        throw new ModelFormatException(
            "half of a product of the adapter is missing", file, MessageText.Excerpt($"{module}.lora_{(_a is null ? 'A' : 'B')}.weight"), expected: "the tensor", found: "no tensor of that name");
    }

    /// <summary>Adds the product to a matrix; where it is zero, the matrix stays as it is stored.</summary>
    public TensorView AddTo(in TensorView matrix)
    {
        if (scale == 0 || IsZero(_a!.Value) || IsZero(_b!.Value)) return matrix;
        return new TensorView(new AdaptedMatrix(matrix, _a.Value, _b.Value, scale, HeldAs(matrix)), matrix.Name, matrix.File, HeldAs(matrix), matrix.Shape);
    }

    // Sums are rounded to what the matrix was: a matrix of codes to BF16.
    private static DType HeldAs(in TensorView matrix) => matrix.IsQuantized ? DType.BF16 : matrix.DType;

    private static bool IsZero(in TensorView tensor)
    {
        using AlignedBuffer<float> values = tensor.ReadFloats();
        return !values.Span.ContainsAnyExcept(0f);
    }
}
