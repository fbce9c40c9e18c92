using System.Collections;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Edge.Node.Configuration.Fields;

/// <summary>What a manifest type says about itself: its fields in the order of the type, those of its base first. Made once from the type by reflection.</summary>
/// <param name="Type">The manifest type.</param>
/// <param name="Fields">Its fields.</param>
/// <param name="ExactlyOne">Fields of which exactly one is written; empty if there is no such rule.</param>
internal sealed record ManifestShape(Type Type, IReadOnlyList<ShapeField> Fields, IReadOnlyList<string> ExactlyOne)
{
    /// <summary>Names of the fields.</summary>
    public IEnumerable<string> Names => Fields.Select(one => one.Name);

    public static ManifestShape Of(Type type)
    {
        var defaults = Activator.CreateInstance(type)!;
        var properties = type.GetProperties().OrderBy(property => Depth(property.DeclaringType!)).ThenBy(property => property.MetadataToken);
        return new ManifestShape(
            type,
            [.. properties.Where(property => property.IsDefined(typeof(FieldAttribute))).Select(property => ShapeField.Of(property, defaults))],
            type.GetCustomAttribute<ExactlyOneAttribute>(inherit: false)?.Fields ?? []);
    }

    public ShapeField? Find(string name) => Fields.FirstOrDefault(field => field.Name == name);

    private static int Depth(Type type) => type.BaseType is { } parent ? Depth(parent) + 1 : 0;
}

/// <summary>How a field's value is made up.</summary>
internal enum FieldForm
{
    /// <summary>One word or number.</summary>
    Scalar,

    /// <summary>A list of words.</summary>
    List,

    /// <summary>The fields of another type.</summary>
    Section,

    /// <summary>Names, each with the fields of another type.</summary>
    SectionByName,

    /// <summary>A mapping that is not looked into.</summary>
    FreeForm,
}

/// <summary>A field of a manifest type.</summary>
/// <param name="Name">As written in YAML.</param>
/// <param name="Property">The property that takes the value.</param>
/// <param name="Grammar">How the value is written and what it means.</param>
/// <param name="Form">How it is made up.</param>
/// <param name="Section">Of the forms section and section by name.</param>
/// <param name="Default">What holds when the field is not written, as a person would write it; null where nothing does.</param>
internal sealed record ShapeField(string Name, PropertyInfo Property, FieldAttribute Grammar, FieldForm Form, ManifestShape? Section, JsonNode? Default)
{
    public static ShapeField Of(PropertyInfo property, object defaults)
    {
        var grammar = property.GetCustomAttribute<FieldAttribute>()!;
        var form = FormOf(property.PropertyType, grammar);
        var section = form switch
        {
            FieldForm.Section => ManifestShape.Of(property.PropertyType),
            FieldForm.SectionByName => ManifestShape.Of(property.PropertyType.GetGenericArguments()[1]),
            _ => null,
        };
        var value = form is FieldForm.Scalar ? property.GetValue(defaults) : null;
        return new ShapeField(JsonNamingPolicy.CamelCase.ConvertName(property.Name), property, grammar, form, section, value is null ? null : grammar.Show(value));
    }

    /// <summary>Type of a list's items.</summary>
    public Type ItemType => Property.PropertyType.GetGenericArguments()[0];

    private static FieldForm FormOf(Type type, FieldAttribute grammar) =>
        grammar is FreeFormAttribute ? FieldForm.FreeForm :
        grammar is SectionAttribute && type.IsGenericType ? FieldForm.SectionByName :
        grammar is SectionAttribute ? FieldForm.Section :
        type != typeof(string) && typeof(IEnumerable).IsAssignableFrom(type) ? FieldForm.List : FieldForm.Scalar;
}
