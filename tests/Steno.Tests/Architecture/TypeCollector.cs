using System.Collections.Immutable;
using System.Reflection.Metadata;

namespace Steno.Tests.Architecture;

/// <summary>Finds the types that a metadata token or a signature names.</summary>
internal sealed class TypeCollector(MetadataReader reader, Action<TypeName> found) : ISignatureTypeProvider<bool, bool>
{
    /// <summary>Reports every type that a token names: a type, the owner of a member, arguments of generics.</summary>
    public void Visit(EntityHandle token)
    {
        switch (token.Kind)
        {
            case HandleKind.TypeDefinition:
                found(NameOf((TypeDefinitionHandle)token));
                break;
            case HandleKind.TypeReference:
                found(NameOf((TypeReferenceHandle)token));
                break;
            case HandleKind.TypeSpecification:
                reader.GetTypeSpecification((TypeSpecificationHandle)token).DecodeSignature(this, genericContext: false);
                break;
            case HandleKind.MethodDefinition:
                Visit(reader.GetMethodDefinition((MethodDefinitionHandle)token).GetDeclaringType());
                break;
            case HandleKind.FieldDefinition:
                Visit(reader.GetFieldDefinition((FieldDefinitionHandle)token).GetDeclaringType());
                break;
            case HandleKind.MemberReference:
                VisitMember(reader.GetMemberReference((MemberReferenceHandle)token));
                break;
            case HandleKind.MethodSpecification:
                MethodSpecification method = reader.GetMethodSpecification((MethodSpecificationHandle)token);
                Visit(method.Method);
                method.DecodeSignature(this, genericContext: false);
                break;
            case HandleKind.StandaloneSignature:
                VisitSignature(reader.GetStandaloneSignature((StandaloneSignatureHandle)token));
                break;
            default:
                throw new NotSupportedException($"A token of the kind {token.Kind} names no type.");
        }
    }

    public TypeName NameOf(TypeDefinitionHandle handle)
    {
        TypeDefinition type = reader.GetTypeDefinition(handle);
        while (!type.GetDeclaringType().IsNil) type = reader.GetTypeDefinition(type.GetDeclaringType());
        return new TypeName(reader.GetString(type.Namespace), reader.GetString(type.Name));
    }

    public TypeName NameOf(TypeReferenceHandle handle)
    {
        TypeReference type = reader.GetTypeReference(handle);
        while (type.ResolutionScope.Kind == HandleKind.TypeReference) type = reader.GetTypeReference((TypeReferenceHandle)type.ResolutionScope);
        return new TypeName(reader.GetString(type.Namespace), reader.GetString(type.Name));
    }

    public bool GetArrayType(bool elementType, ArrayShape shape) => true;

    public bool GetByReferenceType(bool elementType) => true;

    public bool GetFunctionPointerType(MethodSignature<bool> signature) => true;

    public bool GetGenericInstantiation(bool genericType, ImmutableArray<bool> typeArguments) => true;

    public bool GetGenericMethodParameter(bool genericContext, int index) => true;

    public bool GetGenericTypeParameter(bool genericContext, int index) => true;

    public bool GetModifiedType(bool modifier, bool unmodifiedType, bool isRequired) => true;

    public bool GetPinnedType(bool elementType) => true;

    public bool GetPointerType(bool elementType) => true;

    public bool GetPrimitiveType(PrimitiveTypeCode typeCode) => true;

    public bool GetSZArrayType(bool elementType) => true;

    public bool GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) => Report(handle);

    public bool GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) => Report(handle);

    public bool GetTypeFromSpecification(MetadataReader reader, bool genericContext, TypeSpecificationHandle handle, byte rawTypeKind) => Report(handle);

    private bool Report(EntityHandle type)
    {
        Visit(type);
        return true;
    }

    private void VisitMember(MemberReference member)
    {
        Visit(member.Parent);
        if (member.GetKind() == MemberReferenceKind.Field) member.DecodeFieldSignature(this, genericContext: false);
        else member.DecodeMethodSignature(this, genericContext: false);
    }

    private void VisitSignature(StandaloneSignature signature)
    {
        if (signature.GetKind() == StandaloneSignatureKind.LocalVariables) signature.DecodeLocalSignature(this, genericContext: false);
        else signature.DecodeMethodSignature(this, genericContext: false);
    }
}
