namespace Steno.Exporting;

/// <summary>How much each column of each matrix counts when it is quantised: the mean square of what the column is multiplied by.</summary>
/// <param name="columns">By original tensor name; all positive.</param>
internal sealed class ImportanceMatrix(IReadOnlyDictionary<string, float[]> columns)
{
    /// <summary>Names of the tensors that it knows.</summary>
    public IEnumerable<string> Names => columns.Keys;

    /// <summary>The columns of a tensor; null where nothing is known of it.</summary>
    public float[]? Of(string name) => columns.GetValueOrDefault(name);
}
