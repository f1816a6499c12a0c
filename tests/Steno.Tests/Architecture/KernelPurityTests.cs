using System.Reflection.Emit;
using System.Reflection.Metadata;
using Steno.Tests.Architecture.Fixtures;

namespace Steno.Tests.Architecture;

/// <summary>A kernel computes on the calling thread and in the memory it is given: it neither knows threads nor allocates.</summary>
public sealed class KernelPurityTests
{
    private const string KernelNamespace = "Steno.Kernels";

    // What is set up once for each model or process, and not in a forward pass.
    private static readonly string[] SetUp = ["KernelPaths.FindSupported", "PackedMatrix..ctor", "PackedMatrix.Over", "Rope.Frequencies"];

    [Fact]
    public void Kernels_do_not_use_threads()
    {
        using var scanner = new AssemblyScanner(typeof(AsrModel).Assembly.Location);

        Assert.DoesNotContain(scanner.TypeUses(), use => use.User.Namespace == KernelNamespace && use.Used.Namespace.StartsWith("System.Threading", StringComparison.Ordinal));
    }

    // Allocation by a method of the runtime that is called is not seen here; the allocation tests of decoding measure that.
    [Fact]
    public void Kernels_do_not_create_objects()
    {
        using var scanner = new AssemblyScanner(typeof(AsrModel).Assembly.Location);
        string[] sites = [.. AllocationSites(scanner, KernelNamespace).Select(site => site.Method)];

        Assert.Superset(SetUp.ToHashSet(StringComparer.Ordinal), sites.ToHashSet(StringComparer.Ordinal));
        Assert.Empty(sites.Except(SetUp, StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("Object", "newobj")]
    [InlineData("Array", "newarr")]
    [InlineData("Box", "box")]
    [InlineData("Closure", "newobj")]
    public void An_allocation_is_found(string method, string instruction)
    {
        using var scanner = new AssemblyScanner(typeof(KernelPurityTests).Assembly.Location);

        Assert.Contains(("Allocating." + method, instruction), AllocationSites(scanner, typeof(Allocating).Namespace!));
    }

    [Fact]
    public void A_value_and_what_is_thrown_are_no_allocations()
    {
        using var scanner = new AssemblyScanner(typeof(KernelPurityTests).Assembly.Location);

        Assert.DoesNotContain(AllocationSites(scanner, typeof(Allocating).Namespace!), site => site.Method == "Allocating.Value");
    }

    /// <summary>Methods of a namespace that create objects, arrays or boxes, apart from what is thrown, static constructors and members that the compiler writes.</summary>
    private static IEnumerable<(string Method, string Instruction)> AllocationSites(AssemblyScanner scanner, string @namespace)
    {
        var generated = new TypeName("System.Runtime.CompilerServices", "CompilerGeneratedAttribute");
        foreach ((TypeName type, MethodDefinition method, IReadOnlyList<Instruction> instructions) in scanner.Methods())
        {
            string name = scanner.Metadata.GetString(method.Name);
            if (type.Namespace != @namespace || name == ".cctor" || Attributes(scanner.Metadata, method).Contains(generated)) continue;
            for (int i = 0; i < instructions.Count; i++)
            {
                if (Allocates(scanner.Metadata, instructions[i]) && !LeadsToThrow(instructions, i)) yield return ($"{type.Name}.{name}", instructions[i].Code.Name!);
            }
        }
    }

    // True when a throw comes before the flow can go anywhere else.
    private static bool LeadsToThrow(IReadOnlyList<Instruction> instructions, int start) =>
        instructions.Skip(start).First(instruction => instruction.Code.FlowControl is FlowControl.Throw or FlowControl.Branch or FlowControl.Cond_Branch or FlowControl.Return).Code.FlowControl == FlowControl.Throw;

    private static HashSet<TypeName> Attributes(MetadataReader metadata, MethodDefinition method)
    {
        var types = new HashSet<TypeName>();
        var collector = new TypeCollector(metadata, type => types.Add(type));
        foreach (CustomAttributeHandle attribute in method.GetCustomAttributes()) collector.Visit(metadata.GetCustomAttribute(attribute).Constructor);
        return types;
    }

    private static bool Allocates(MetadataReader metadata, Instruction instruction)
    {
        if (instruction.Code == OpCodes.Newarr || instruction.Code == OpCodes.Box) return true;
        if (instruction.Code != OpCodes.Newobj) return false;
        return instruction.Token.Kind == HandleKind.MethodDefinition
            ? AllocatesDefined(metadata, metadata.GetMethodDefinition((MethodDefinitionHandle)instruction.Token).GetDeclaringType())
            : AllocatesReferenced(metadata, metadata.GetMemberReference((MemberReferenceHandle)instruction.Token).Parent);
    }

    private static bool AllocatesDefined(MetadataReader metadata, TypeDefinitionHandle handle)
    {
        TypeDefinition type = metadata.GetTypeDefinition(handle);
        return type.BaseType.Kind != HandleKind.TypeReference || metadata.GetString(metadata.GetTypeReference((TypeReferenceHandle)type.BaseType).Name) != nameof(ValueType);
    }

    private static bool AllocatesReferenced(MetadataReader metadata, EntityHandle type)
    {
        if (type.Kind == HandleKind.TypeDefinition) return AllocatesDefined(metadata, (TypeDefinitionHandle)type);
        if (type.Kind == HandleKind.TypeSpecification)
        {
            // ELEMENT_TYPE_GENERICINST, then ELEMENT_TYPE_VALUETYPE or ELEMENT_TYPE_CLASS (ECMA-335, II.23.2.14).
            BlobReader signature = metadata.GetBlobReader(metadata.GetTypeSpecification((TypeSpecificationHandle)type).Signature);
            signature.ReadByte();
            return signature.ReadByte() != (byte)SignatureTypeKind.ValueType;
        }

        TypeReference reference = metadata.GetTypeReference((TypeReferenceHandle)type);
        string assembly = metadata.GetString(metadata.GetAssemblyReference((AssemblyReferenceHandle)reference.ResolutionScope).Name);
        return !Type.GetType($"{metadata.GetString(reference.Namespace)}.{metadata.GetString(reference.Name)}, {assembly}", throwOnError: true)!.IsValueType;
    }
}
