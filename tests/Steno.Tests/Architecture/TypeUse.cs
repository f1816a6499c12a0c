namespace Steno.Tests.Architecture;

/// <summary>A place where one type names another: in a declaration, a signature or a method body.</summary>
/// <param name="User">The type that names the other.</param>
/// <param name="Member">Where in it.</param>
/// <param name="Used">The type that is named.</param>
internal readonly record struct TypeUse(TypeName User, string Member, TypeName Used)
{
    public override string ToString() => $"{User} uses {Used} in {Member}";
}
