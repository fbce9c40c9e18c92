using System.Text.Json.Nodes;
using Edge.Node.Configuration.Yaml;

namespace Edge.Node.Configuration.Fields;

/// <summary>
/// Says how the value of a manifest field is written, its range and what it means. Every property of a manifest type carries one; the binder,
/// the JSON Schema and the tables of docs/manifests.md all come from it, so that they cannot disagree. On a list it speaks of each item.
/// </summary>
/// <param name="description">What the field does, with its unit and its behaviour at the bounds. The default comes from the property's initial value.</param>
[AttributeUsage(AttributeTargets.Property)]
internal abstract class FieldAttribute(string description) : Attribute
{
    public string Description => description;

    /// <summary>Whether the field must be written. Its property is nullable all the same: it is null in a manifest that has this mistake.</summary>
    public bool Required { get; init; }

    /// <summary>What may be written, as it stands in messages and docs after "allowed: ".</summary>
    public abstract string Allowed { get; }

    /// <summary>The JSON Schema of one value, without description and default.</summary>
    public abstract JsonObject Schema { get; }

    /// <summary>Reads a scalar. Null with the end of a sentence that began with the field's path, such as <c>is 3; allowed: 0, 1 or 2.</c></summary>
    public abstract object? Read(YamlScalar scalar, out string problem);

    /// <summary>The default value as a person would write it.</summary>
    public virtual JsonNode Show(object value) => JsonValue.Create(value.ToString()!);

    protected string Refusal(YamlScalar scalar, string hint = "") => $"is {scalar.Describe()}; allowed: {Allowed}.{hint}";
}
