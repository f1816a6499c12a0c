using Steno.Tensors;

namespace Steno.Formats.Safetensors;

/// <summary>The tensors of a checkpoint in one safetensors file or in several, under the names and in the number formats that these have.</summary>
internal interface ISafetensors : IWeightSource
{
    /// <summary>Names of all tensors.</summary>
    IEnumerable<string> Names { get; }

    /// <summary>Finds a tensor of any number format.</summary>
    /// <param name="name">Name in the files.</param>
    /// <returns>The tensor, valid until the files are closed; null when there is none of that name.</returns>
    RawTensor? FindRaw(string name);
}
