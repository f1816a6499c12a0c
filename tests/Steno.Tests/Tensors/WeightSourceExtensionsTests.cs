using Steno.Tensors;

namespace Steno.Tests.Tensors;

public sealed unsafe class WeightSourceExtensionsTests
{
    [Fact]
    public void A_tensor_of_the_right_shape_is_given()
    {
        using var source = new OneTensor();

        Assert.Equal("[2, 3]", source.Require("present", 2, 3).ShapeText);
    }

    [Fact]
    public void A_missing_tensor_is_named_with_the_shape_it_should_have()
    {
        using var source = new OneTensor();

        var fault = Assert.Throws<ModelFormatException>(() => source.Require("absent", 4, 5));

        Assert.Equal("dir: the checkpoint lacks a tensor that its config.json calls for; tensor absent; expected shape [4, 5]; found no tensor of that name.", fault.Message);
    }

    [Fact]
    public void A_tensor_of_another_shape_is_named_with_both_shapes()
    {
        using var source = new OneTensor();

        foreach (long[] shape in new long[][] { [3, 2], [2], [2, 3, 1], [] })
        {
            var fault = Assert.Throws<ModelFormatException>(() => source.Require("present", shape));
            Assert.Equal($"dir/file: the tensor has another shape than config.json calls for; tensor present; expected shape [{string.Join(", ", shape)}]; found shape [2, 3].", fault.Message);
        }
    }

    private sealed class OneTensor : IWeightSource
    {
        public string Location => "dir";

        public bool TryGetTensor(string name, out TensorView tensor)
        {
            tensor = new TensorView(name, "dir/file", DType.F32, [2, 3], null);
            return name == "present";
        }

        public void Dispose()
        {
        }
    }
}
