namespace Steno.Benchmarks.Growing;

/// <summary>The same value everywhere.</summary>
internal sealed class ConstantTensor(string name, float value, params int[] shape) : TensorRecipe(name, shape)
{
    public override void FillRow(int row, Span<float> destination) => destination.Fill(value);
}
