namespace Steno.Checkpoints;

/// <summary>All that a model stores in one number format.</summary>
/// <param name="Name">Name of the format.</param>
/// <param name="TensorCount">How many tensors.</param>
/// <param name="WeightCount">How many weights in them.</param>
/// <param name="ByteCount">How many bytes they take.</param>
internal sealed record StoredType(string Name, int TensorCount, long WeightCount, long ByteCount)
{
    /// <summary>Adds up tensors by their formats, the one with most weights first.</summary>
    public static IReadOnlyList<StoredType> Sum(IEnumerable<(string Name, long[] Shape, long ByteCount)> tensors) =>
        [.. tensors
            .GroupBy(tensor => tensor.Name, StringComparer.Ordinal)
            .Select(group => new StoredType(group.Key, group.Count(), group.Sum(tensor => tensor.Shape.Aggregate(1L, (product, dimension) => product * dimension)), group.Sum(tensor => tensor.ByteCount)))
            .OrderByDescending(type => type.WeightCount)
            .ThenBy(type => type.Name, StringComparer.Ordinal)];
}
