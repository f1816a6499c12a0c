using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace Steno.Tests.Architecture;

/// <summary>What an assembly offers to its callers, as text in a fixed order: a change of it is a line of a diff.</summary>
internal static class PublicApiListing
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly NullabilityInfoContext Nullability = new();

    public static string Of(Assembly assembly)
    {
        var text = new StringBuilder();
        foreach (Type type in assembly.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal)) Append(text, type);
        return text.ToString();
    }

    private static void Append(StringBuilder text, Type type)
    {
        if (text.Length > 0) text.Append('\n');
        text.Append(Header(type)).Append("\n{\n");
        foreach (string line in Members(type)) text.Append("    ").Append(line).Append('\n');
        text.Append("}\n");
    }

    private static string Header(Type type)
    {
        string kind = type switch
        {
            { IsEnum: true } => "enum",
            { IsInterface: true } => "interface",
            { IsValueType: true } => "struct",
            { IsAbstract: true, IsSealed: true } => "static class",
            { IsAbstract: true } => "abstract class",
            { IsSealed: true } => "sealed class",
            _ => "class",
        };
        IEnumerable<Type> bases = type.IsEnum ? [Enum.GetUnderlyingType(type)] : OwnInterfaces(type);
        if (type is { IsEnum: false, BaseType: { } parent } && parent != typeof(object) && parent != typeof(ValueType)) bases = bases.Prepend(parent);
        string list = string.Join(", ", bases.Where(item => item.IsVisible).Select(Name));
        return $"public {kind} {type.FullName}{(list.Length > 0 ? " : " + list : string.Empty)}";
    }

    private static IEnumerable<Type> OwnInterfaces(Type type) =>
        type.GetInterfaces().Except(type.BaseType?.GetInterfaces() ?? []).OrderBy(item => item.FullName, StringComparer.Ordinal);

    private static IEnumerable<string> Members(Type type)
    {
        if (type.IsEnum) return Enum.GetNames(type).Select(name => $"{name} = {Convert.ToInt64(Enum.Parse(type, name), CultureInfo.InvariantCulture)},");
        var fields = type.GetFields(Declared).Where(field => IsOffered(field.Attributes)).Select(field => (field.Name, Line(field)));
        var constructors = type.GetConstructors(Declared).Where(IsOffered).Select(method => (type.Name, $"{Modifiers(method)}{type.Name}({Parameters(method)});"));
        var properties = type.GetProperties(Declared).Where(property => property.GetMethod is { } getter && IsOffered(getter)).Select(property => (property.Name, Line(property)));
        var methods = type.GetMethods(Declared).Where(method => IsOffered(method) && !method.IsSpecialName && !IsWritten(method)).Select(method => (method.Name, Line(method)));
        return new[] { fields, constructors, properties, methods }.SelectMany(group => group.OrderBy(member => member.Name, StringComparer.Ordinal).ThenBy(member => member.Item2, StringComparer.Ordinal)).Select(member => member.Item2);
    }

    // What the compiler writes for every record.
    private static bool IsWritten(MethodInfo method) => method.GetCustomAttribute<CompilerGeneratedAttribute>() is not null;

    private static bool IsOffered(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static bool IsOffered(FieldAttributes attributes) =>
        (attributes & FieldAttributes.FieldAccessMask) is FieldAttributes.Public or FieldAttributes.Family or FieldAttributes.FamORAssem;

    private static string Line(FieldInfo field)
    {
        string modifiers = field.IsLiteral ? "const " : (field.IsStatic ? "static " : string.Empty) + (field.IsInitOnly ? "readonly " : string.Empty);
        string value = field.IsLiteral ? " = " + Literal(field.GetRawConstantValue(), field.FieldType) : string.Empty;
        return $"public {modifiers}{Name(Nullability.Create(field))} {field.Name}{value};";
    }

    private static string Line(PropertyInfo property)
    {
        string setter = property.SetMethod is not { } method || !IsOffered(method) ? string.Empty
            : method.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ? " init;" : " set;";
        string required = property.GetCustomAttribute<RequiredMemberAttribute>() is null ? string.Empty : "required ";
        string names = property.GetCustomAttribute<TupleElementNamesAttribute>() is { } tuple ? $" /* {string.Join(", ", tuple.TransformNames)} */" : string.Empty;
        return $"{Modifiers(property.GetMethod!)}{required}{Name(Nullability.Create(property))} {property.Name} {{ get;{setter} }}{names}";
    }

    private static string Line(MethodInfo method) =>
        $"{Modifiers(method)}{Name(Nullability.Create(method.ReturnParameter))} {method.Name}({Parameters(method)});";

    private static string Modifiers(MethodBase method)
    {
        string access = method.IsPublic ? "public " : "protected ";
        if (method.IsStatic) return access + "static ";
        if (method.IsAbstract) return access + "abstract ";
        return method is MethodInfo { IsVirtual: true, IsFinal: false } own ? access + (own.GetBaseDefinition() == own ? "virtual " : "override ") : access;
    }

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(parameter =>
    {
        string value = parameter.HasDefaultValue ? " = " + Literal(parameter.DefaultValue, parameter.ParameterType) : string.Empty;
        return $"{Name(Nullability.Create(parameter))} {parameter.Name}{value}";
    }));

    private static string Literal(object? value, Type type) => value switch
    {
        null => type.IsValueType && Nullable.GetUnderlyingType(type) is null ? "default" : "null",
        string text => $"\"{text}\"",
        bool flag => flag ? "true" : "false",
        Enum item => $"{item.GetType().Name}.{item}",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };

    private static string Name(NullabilityInfo info)
    {
        string name = info.GenericTypeArguments.Length > 0 && Nullable.GetUnderlyingType(info.Type) is null
            ? Name(info.Type, info.GenericTypeArguments.Select(Name))
            : Name(info.Type);
        return !info.Type.IsValueType && info.ReadState == NullabilityState.Nullable ? name + "?" : name;
    }

    private static string Name(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } value) return Name(value) + "?";
        return Name(type, type.GetGenericArguments().Select(Name));
    }

    private static string Name(Type type, IEnumerable<string> arguments)
    {
        if (type.IsArray) return Name(type.GetElementType()!) + "[]";
        string? keyword = Type.GetTypeCode(type) switch
        {
            _ when type.IsEnum => null,
            TypeCode.Boolean => "bool",
            TypeCode.Int32 => "int",
            TypeCode.Int64 => "long",
            TypeCode.Single => "float",
            TypeCode.Double => "double",
            TypeCode.String => "string",
            _ => type == typeof(object) ? "object" : type == typeof(void) ? "void" : null,
        };
        if (keyword is not null) return keyword;
        return type.IsGenericType ? $"{type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]}<{string.Join(", ", arguments)}>" : type.Name;
    }
}
