namespace Steno.Tests;

/// <summary>Tests that measure the whole process: none of them runs beside another test.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneTests
{
    public const string Name = "Alone";
}
