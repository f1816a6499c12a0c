namespace Steno.Tensors;

/// <summary>Tensors by the checkpoint's own names: all that the model knows about files.</summary>
internal interface IWeightSource : IDisposable
{
    /// <summary>Where the tensors come from, for messages: a file or a directory.</summary>
    string Location { get; }

    /// <summary>Finds a tensor.</summary>
    /// <param name="name">The original checkpoint name, such as <c>thinker.model.norm.weight</c>.</param>
    /// <param name="tensor">The tensor, valid until the source is disposed.</param>
    /// <returns>False when the checkpoint has no tensor of that name.</returns>
    bool TryGetTensor(string name, out TensorView tensor);
}
