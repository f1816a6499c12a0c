using Steno.Tests.Architecture.Fixtures;

namespace Steno.Tests.Architecture;

/// <summary>The scanner finds a use wherever one can stand: each type below is named in one way only.</summary>
public sealed class AssemblyScannerTests
{
    [Theory]
    [InlineData(nameof(UsedAsBase))]
    [InlineData(nameof(IUsedAsInterface))]
    [InlineData(nameof(IUsedAsConstraint))]
    [InlineData(nameof(UsedAsAttribute))]
    [InlineData(nameof(UsedAsField))]
    [InlineData(nameof(UsedAsElement))]
    [InlineData(nameof(UsedAsParameter))]
    [InlineData(nameof(UsedAsResult))]
    [InlineData(nameof(UsedAsTypeArgument))]
    [InlineData(nameof(UsedByStaticCall))]
    [InlineData(nameof(UsedByTypeOf))]
    [InlineData(nameof(UsedByCast))]
    [InlineData(nameof(UsedAsCaughtException))]
    [InlineData(nameof(UsedInClosure))]
    [InlineData(nameof(UsedAsync))]
    [InlineData(nameof(UsedByFunctionPointer))]
    [InlineData(nameof(UsedAsMethodArgument))]
    public void Finds(string name)
    {
        using var scanner = new AssemblyScanner(typeof(AssemblyScannerTests).Assembly.Location);
        IEnumerable<TypeName> used = scanner.TypeUses().Where(use => use.User.Name == nameof(UserOfAll)).Select(use => use.Used);

        Assert.Contains(name, used.Select(type => type.Name));
    }

    [Fact]
    public void Does_not_find_what_is_not_there()
    {
        using var scanner = new AssemblyScanner(typeof(AssemblyScannerTests).Assembly.Location);

        Assert.DoesNotContain(scanner.TypeUses(), use => use.User.Name == nameof(UserOfAll) && use.Used.Name == nameof(NotUsed));
    }
}
