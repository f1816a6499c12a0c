using Steno.Model;
using Steno.Tensors;
using Steno.Tokenization;

namespace Steno.Checkpoints.Adapters;

/// <summary>A checkpoint to which adapters are applied, in order.</summary>
internal sealed class AdaptedCheckpoint : Checkpoint
{
    private readonly Checkpoint _checkpoint;
    private readonly Dictionary<string, long[]> _shapes;

    /// <summary>Opens the adapters and sees that all of each fits the model.</summary>
    /// <param name="checkpoint">The model.</param>
    /// <param name="directories">Directories of the adapters.</param>
    /// <exception cref="ModelFormatException">A file of an adapter is missing or broken, or does not fit the model.</exception>
    /// <exception cref="UnsupportedModelException">An adapter is of a kind that Steno does not apply.</exception>
    public AdaptedCheckpoint(Checkpoint checkpoint, IReadOnlyList<string> directories)
    {
        _checkpoint = checkpoint;
        _shapes = ModelTensors.Of(checkpoint.Config).ToDictionary(tensor => tensor.Name, tensor => tensor.Shape, StringComparer.Ordinal);
        Adapters = directories;
        var files = new List<string>(checkpoint.Files);
        foreach (string directory in directories)
        {
            using LoraAdapter adapter = LoraAdapter.Open(directory, _shapes);
            files.AddRange(adapter.Files);
        }

        Files = files;
    }

    /// <inheritdoc/>
    public override string Location => _checkpoint.Location;

    /// <summary>Full paths of the files that hold the weights, those of the adapters among them: what they say together is the model.</summary>
    public override IReadOnlyList<string> Files { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Adapters { get; }

    /// <inheritdoc/>
    public override ModelConfig Config => _checkpoint.Config;

    /// <inheritdoc/>
    public override IReadOnlyList<int>? StopTokenIds => _checkpoint.StopTokenIds;

    /// <inheritdoc/>
    public override BpeTokenizer LoadTokenizer() => _checkpoint.LoadTokenizer();

    /// <inheritdoc/>
    public override IWeightSource OpenWeights()
    {
        var adapters = new List<LoraAdapter>();
        try
        {
            foreach (string directory in Adapters) adapters.Add(LoraAdapter.Open(directory, _shapes));
            return new AdaptedWeights(_checkpoint.OpenWeights(), adapters);
        }
        catch
        {
            foreach (LoraAdapter adapter in adapters) adapter.Dispose();
            throw;
        }
    }

    private sealed class AdaptedWeights(IWeightSource weights, IReadOnlyList<LoraAdapter> adapters) : IWeightSource
    {
        public string Location => weights.Location;

        public bool TryGetTensor(string name, out TensorView tensor)
        {
            if (!weights.TryGetTensor(name, out tensor)) return false;
            foreach (LoraAdapter adapter in adapters) tensor = adapter.Apply(name, tensor);
            return true;
        }

        public void Dispose()
        {
            weights.Dispose();
            foreach (LoraAdapter adapter in adapters) adapter.Dispose();
        }
    }
}
