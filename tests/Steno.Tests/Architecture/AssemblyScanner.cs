using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Steno.Tests.Architecture;

/// <summary>Lists which type of a built assembly uses which: base types, interfaces, constraints, attributes, fields, signatures, locals, method bodies.</summary>
/// <remarks>Closures, iterators and asynchronous methods are nested types of the type that they are written in, and count as that type.</remarks>
internal sealed class AssemblyScanner : IDisposable
{
    private readonly PEReader _file;

    public AssemblyScanner(string path)
    {
        _file = new PEReader(File.OpenRead(path));
        Metadata = _file.GetMetadataReader();
    }

    public MetadataReader Metadata { get; }

    /// <summary>Assemblies that this one refers to, by name.</summary>
    public IEnumerable<string> AssemblyReferences =>
        Metadata.AssemblyReferences.Select(handle => Metadata.GetString(Metadata.GetAssemblyReference(handle).Name));

    /// <summary>Every use of a type by another one, each once.</summary>
    public IReadOnlyCollection<TypeUse> TypeUses()
    {
        var uses = new HashSet<TypeUse>();
        foreach (TypeDefinitionHandle handle in Metadata.TypeDefinitions) AddUses(handle, uses);
        return uses;
    }

    /// <summary>Every method, with the type that it counts as and its instructions.</summary>
    public IEnumerable<(TypeName Type, MethodDefinition Method, IReadOnlyList<Instruction> Instructions)> Methods()
    {
        var names = new TypeCollector(Metadata, _ => { });
        foreach (TypeDefinitionHandle type in Metadata.TypeDefinitions)
        {
            foreach (MethodDefinitionHandle handle in Metadata.GetTypeDefinition(type).GetMethods())
            {
                MethodDefinition method = Metadata.GetMethodDefinition(handle);
                IReadOnlyList<Instruction> instructions = BodyOf(method) is { } body ? Instruction.ReadAll(body) : [];
                yield return (names.NameOf(type), method, instructions);
            }
        }
    }

    public void Dispose() => _file.Dispose();

    private MethodBodyBlock? BodyOf(MethodDefinition method) =>
        method.RelativeVirtualAddress == 0 ? null : _file.GetMethodBody(method.RelativeVirtualAddress);

    private void AddUses(TypeDefinitionHandle handle, HashSet<TypeUse> uses)
    {
        TypeName user = default;
        string member = "its declaration";
        var collector = new TypeCollector(Metadata, used =>
        {
            if (used != user) uses.Add(new TypeUse(user, member, used));
        });
        user = collector.NameOf(handle);

        TypeDefinition type = Metadata.GetTypeDefinition(handle);
        if (!type.BaseType.IsNil) collector.Visit(type.BaseType);
        foreach (InterfaceImplementationHandle item in type.GetInterfaceImplementations()) collector.Visit(Metadata.GetInterfaceImplementation(item).Interface);
        VisitConstraints(type.GetGenericParameters(), collector);
        VisitAttributes(type.GetCustomAttributes(), collector);
        foreach (FieldDefinitionHandle item in type.GetFields())
        {
            FieldDefinition field = Metadata.GetFieldDefinition(item);
            member = Metadata.GetString(field.Name);
            VisitAttributes(field.GetCustomAttributes(), collector);
            field.DecodeSignature(collector, genericContext: false);
        }

        foreach (MethodDefinitionHandle item in type.GetMethods())
        {
            MethodDefinition method = Metadata.GetMethodDefinition(item);
            member = Metadata.GetString(method.Name);
            VisitMethod(method, collector);
        }
    }

    private void VisitMethod(MethodDefinition method, TypeCollector collector)
    {
        method.DecodeSignature(collector, genericContext: false);
        VisitConstraints(method.GetGenericParameters(), collector);
        VisitAttributes(method.GetCustomAttributes(), collector);
        if (BodyOf(method) is not { } body) return;
        if (!body.LocalSignature.IsNil) collector.Visit(body.LocalSignature);
        foreach (ExceptionRegion region in body.ExceptionRegions)
        {
            if (!region.CatchType.IsNil) collector.Visit(region.CatchType);
        }

        foreach (Instruction instruction in Instruction.ReadAll(body))
        {
            if (!instruction.Token.IsNil) collector.Visit(instruction.Token);
        }
    }

    private void VisitConstraints(GenericParameterHandleCollection parameters, TypeCollector collector)
    {
        foreach (GenericParameterHandle parameter in parameters)
        {
            foreach (GenericParameterConstraintHandle constraint in Metadata.GetGenericParameter(parameter).GetConstraints())
                collector.Visit(Metadata.GetGenericParameterConstraint(constraint).Type);
        }
    }

    private void VisitAttributes(CustomAttributeHandleCollection attributes, TypeCollector collector)
    {
        foreach (CustomAttributeHandle attribute in attributes) collector.Visit(Metadata.GetCustomAttribute(attribute).Constructor);
    }
}
