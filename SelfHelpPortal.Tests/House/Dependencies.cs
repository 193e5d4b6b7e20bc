using Mono.Cecil;

namespace SelfHelpPortal.Tests.House;

/// <summary>One type that names another, both without the types they are nested in.</summary>
internal readonly record struct Use(string FromNamespace, string FromType, string ToNamespace, string ToType)
{
    public override string ToString() => $"{FromNamespace}.{FromType} uses {ToNamespace}.{ToType}";
}

/// <summary>What the compiled code of an assembly names: signatures, attributes and bodies. Sources may lie; this is what runs.</summary>
internal static class Dependencies
{
    private const string Product = "SelfHelpPortal";

    /// <returns>Every use of a type of the product by another one, across namespaces.</returns>
    public static HashSet<Use> Find(System.Reflection.Assembly assembly)
    {
        using var resolver = new DefaultAssemblyResolver();
        foreach (var folder in AppDomain.CurrentDomain.GetAssemblies().Where(a => a.Location.Length > 0)
            .Select(a => Path.GetDirectoryName(a.Location)!).Distinct())
        {
            resolver.AddSearchDirectory(folder);
        }

        using var module = ModuleDefinition.ReadModule(assembly.Location, new ReaderParameters { AssemblyResolver = resolver });
        return [.. module.GetTypes().SelectMany(UsesOf)];
    }

    private static IEnumerable<Use> UsesOf(TypeDefinition type)
    {
        var from = Outermost(type);
        var (space, name) = NameOf(from);
        return NamesIn(type).SelectMany(Flatten).Select(Outermost).Where(to => to.FullName != from.FullName).Select(NameOf)
            .Where(to => to.Namespace.StartsWith(Product, StringComparison.Ordinal) && to.Namespace != space)
            .Select(to => new Use(space, name, to.Namespace, to.Name));
    }

    private static IEnumerable<TypeReference?> NamesIn(TypeDefinition type) =>
    [
        type.BaseType, .. Attributes(type),
        .. type.Interfaces.Select(i => i.InterfaceType),
        .. type.GenericParameters.SelectMany(p => p.Constraints).Select(c => c.ConstraintType),
        .. type.Fields.SelectMany(f => Attributes(f).Append(f.FieldType)),
        .. type.Properties.SelectMany(Attributes),
        .. type.Methods.SelectMany(NamesIn),
    ];

    private static IEnumerable<TypeReference?> NamesIn(MethodDefinition method)
    {
        IEnumerable<TypeReference?> signature =
            [method.ReturnType, .. Attributes(method), .. method.Parameters.SelectMany(p => Attributes(p).Append(p.ParameterType))];
        return method.HasBody
            ? [.. signature, .. method.Body.Variables.Select(v => v.VariableType),
                .. method.Body.Instructions.SelectMany(i => NamesIn(i.Operand))]
            : signature;
    }

    private static IEnumerable<TypeReference?> NamesIn(object? operand) => operand switch
    {
        MethodReference method =>
        [
            method.DeclaringType, method.ReturnType, .. method.Parameters.Select(p => p.ParameterType),
            .. method is GenericInstanceMethod generic ? generic.GenericArguments : [],
        ],
        FieldReference field => [field.DeclaringType, field.FieldType],
        TypeReference type => [type],
        _ => [],
    };

    private static IEnumerable<TypeReference> Attributes(ICustomAttributeProvider provider) => provider.CustomAttributes
        .SelectMany(a => a.ConstructorArguments.Select(argument => argument.Value).OfType<TypeReference>().Append(a.AttributeType));

    private static IEnumerable<TypeReference> Flatten(TypeReference? type) => type switch
    {
        null or GenericParameter => [],
        GenericInstanceType generic => generic.GenericArguments.Append(generic.ElementType).SelectMany(Flatten),
        TypeSpecification specification => Flatten(specification.ElementType),
        _ => [type],
    };

    private static TypeReference Outermost(TypeReference type) => type.DeclaringType is { } outer ? Outermost(outer) : type;

    /// <summary>What the compiler writes for a page or an endpoint counts as the page, and as the host that calls the endpoint.</summary>
    private static (string Namespace, string Name) NameOf(TypeReference type)
    {
        const string Razor = "__Blazor.";
        if (type.Namespace.StartsWith(Razor, StringComparison.Ordinal))
        {
            var page = type.Namespace[Razor.Length..];
            return (page[..page.LastIndexOf('.')], page[(page.LastIndexOf('.') + 1)..]);
        }

        return (type.Namespace, type.Name);
    }
}
