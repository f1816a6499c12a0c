namespace Steno.Tests.Architecture;

/// <summary>A type that is not nested, by namespace and name; what is nested in a type counts as that type.</summary>
internal readonly record struct TypeName(string Namespace, string Name)
{
    public override string ToString() => Namespace.Length == 0 ? Name : $"{Namespace}.{Name}";
}
