using System.Globalization;

namespace Steno.Tensors;

/// <summary>Checked access to the tensors of a checkpoint.</summary>
internal static class WeightSourceExtensions
{
    /// <summary>Gets a tensor that must be there with exactly this shape.</summary>
    /// <param name="source">The checkpoint.</param>
    /// <param name="name">The original checkpoint name, such as <c>thinker.model.norm.weight</c>.</param>
    /// <param name="shape">Dimensions, outermost first.</param>
    /// <exception cref="ModelFormatException">The checkpoint has no such tensor, or it has another shape.</exception>
    public static TensorView Require(this IWeightSource source, string name, params ReadOnlySpan<long> shape)
    {
        if (!source.TryGetTensor(name, out TensorView tensor))
        {
            throw new ModelFormatException(
                "the checkpoint lacks a tensor that its config.json calls for",
                source.Location,
                name,
                expected: "shape " + Describe(shape),
                found: "no tensor of that name");
        }
        if (!shape.SequenceEqual(tensor.Shape))
        {
            throw new ModelFormatException(
                "the tensor has another shape than config.json calls for",
                tensor.File,
                name,
                expected: "shape " + Describe(shape),
                found: "shape " + tensor.ShapeText);
        }
        return tensor;
    }

    private static string Describe(ReadOnlySpan<long> shape)
    {
        var dimensions = new string[shape.Length];
        for (int i = 0; i < shape.Length; i++) dimensions[i] = shape[i].ToString(CultureInfo.InvariantCulture);
        return $"[{string.Join(", ", dimensions)}]";
    }
}
