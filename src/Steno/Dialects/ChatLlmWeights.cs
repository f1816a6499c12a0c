using Steno.Formats.Ggmm;
using Steno.Tensors;

namespace Steno.Dialects;

/// <summary>The tensors of a file of chatllm.cpp, under the original names.</summary>
internal sealed class ChatLlmWeights(GgmmFile file) : IWeightSource
{
    /// <inheritdoc/>
    public string Location => file.Location;

    /// <inheritdoc/>
    /// <exception cref="ModelFormatException">The tensor is stored in a number format that Steno does not compute with.</exception>
    public bool TryGetTensor(string name, out TensorView tensor)
    {
        tensor = default;
        return TensorNames.ChatLlm.Translate(name) is { } stored && file.TryGetTensor(stored, out tensor);
    }

    public void Dispose() => file.Dispose();
}
