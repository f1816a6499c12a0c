namespace Steno.Tests;

/// <summary>The model that ships with Steno, loaded once for a test class.</summary>
public sealed class BuiltInModel : IDisposable
{
    /// <summary>The model with the default options.</summary>
    public AsrModel Model { get; } = AsrModel.Load(AsrModel.BuiltInName);

    public void Dispose() => Model.Dispose();
}
