using System.Collections;
using Edge.Messages.Spelling;
using Edge.Node.Configuration.Yaml;

namespace Edge.Node.Configuration.Fields;

/// <summary>
/// Makes a manifest object of a located mapping, by the shape of its type. Pure. It always makes one: a field with a mistake is reported and keeps its default, so
/// that the checks that follow can report what they see too.
/// </summary>
internal sealed class ManifestBinder(Findings findings)
{
    private const int ItemsMax = 1_000;

    private static readonly NameAttribute KeyGrammar = new("");

    public object Bind(ManifestShape shape, YamlMap map, string path)
    {
        var bound = Activator.CreateInstance(shape.Type)!;
        var meant = new List<string?>();
        foreach (var entry in map.Entries)
        {
            if (shape.Find(entry.Key.Text) is not { } field) meant.Add(AddUnknown(shape, entry, path));
            else if (BindField(field, entry, $"{path}.{field.Name}") is { } value) field.Property.SetValue(bound, value);
        }
        // A mistyped field is one mistake, not also a missing one.
        foreach (var field in shape.Fields.Where(field => field.Grammar.Required && map.Find(field.Name) is null && !meant.Contains(field.Name)))
            findings.Add(map.Place, $"{path}.{field.Name} is missing; it is {field.Grammar.Allowed}. Add it.");
        CheckExactlyOne(shape, map, path);
        return bound;
    }

    private string? AddUnknown(ManifestShape shape, YamlEntry entry, string path)
    {
        var name = entry.Key.Text;
        var nearest = NearestName.Of(name, shape.Names);
        var home = shape.Fields.FirstOrDefault(field => field.Form is FieldForm.Section && field.Section!.Find(name) is not null);
        var hint = home is not null ? $" It belongs to {path}.{home.Name}." : nearest is not null ? $" Did you mean '{nearest}'?" : "";
        findings.Add(entry.Key.Place, $"{path} has no field {Quote.Of(name)}; its fields are {string.Join(", ", shape.Names)}.{hint}");
        return nearest;
    }

    private object? BindField(ShapeField field, YamlEntry entry, string path)
    {
        if (entry.Value is YamlScalar { IsNothing: true })
        {
            findings.Add(entry.Key.Place, $"{path} has no value; allowed: {Allowed(field)}. Write one, or remove the line.");
            return null;
        }
        return (field.Form, entry.Value) switch
        {
            (FieldForm.Scalar, YamlScalar scalar) => Read(field.Grammar, scalar, path),
            (FieldForm.List, YamlList list) => BindList(field, list, path),
            (FieldForm.Section, YamlMap map) => Bind(field.Section!, map, path),
            (FieldForm.SectionByName, YamlMap map) => BindByName(field, map, path),
            (FieldForm.FreeForm, YamlMap map) => map,
            (_, var other) => Refuse(field, other, path),
        };
    }

    private object? Read(FieldAttribute grammar, YamlScalar scalar, string path)
    {
        var value = grammar.Read(scalar, out var problem);
        if (value is null) findings.Add(scalar.Place, $"{path} {problem}");
        return value;
    }

    private object? Refuse(ShapeField field, YamlNode value, string path)
    {
        var remedy = field.Form is FieldForm.List && value is YamlScalar scalar ? $" Write [{Quote.Of(scalar.Text)[1..^1]}]." : "";
        findings.Add(value.Place, $"{path} is {value.Describe()}; allowed: {Allowed(field)}.{remedy}");
        return null;
    }

    private static string Allowed(ShapeField field) => field.Form switch
    {
        FieldForm.List => $"a list, each item {field.Grammar.Allowed}",
        FieldForm.Section => $"a mapping of {string.Join(", ", field.Section!.Names)}",
        FieldForm.SectionByName => $"a mapping of names, each with {string.Join(", ", field.Section!.Names)}",
        _ => field.Grammar.Allowed,
    };

    private Array BindList(ShapeField field, YamlList list, string path)
    {
        var items = new List<object>();
        for (var i = 0; i < list.Items.Count; i++)
        {
            if (i == ItemsMax)
            {
                findings.Add(list.Items[i].Place, $"{path} has {list.Items.Count} items; at most {ItemsMax} are allowed. Remove some.");
                break;
            }
            if (BindItem(field, list.Items[i], $"{path}[{i}]") is not { } item) continue;
            if (items.Contains(item)) findings.Add(list.Items[i].Place, $"{path}[{i}] is {list.Items[i].Describe()}, which is listed already. Remove one of them.");
            else items.Add(item);
        }
        var array = Array.CreateInstance(field.ItemType, items.Count);
        ((ICollection)items).CopyTo(array, 0);
        return array;
    }

    private object? BindItem(ShapeField field, YamlNode item, string path)
    {
        if (item is YamlScalar { IsNothing: false } scalar) return Read(field.Grammar, scalar, path);
        findings.Add(item.Place, $"{path} is {item.Describe()}; allowed: {field.Grammar.Allowed}.");
        return null;
    }

    private object BindByName(ShapeField field, YamlMap map, string path)
    {
        var byName = (IDictionary)Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(typeof(string), field.Section!.Type))!;
        foreach (var entry in map.Entries)
        {
            if (KeyGrammar.Read(entry.Key, out var problem) is not string name) findings.Add(entry.Key.Place, $"A name in {path} {problem}");
            else if (entry.Value is YamlMap section) byName[name] = Bind(field.Section, section, $"{path}.{name}");
            else findings.Add(entry.Value is YamlScalar { IsNothing: true } ? entry.Key.Place : entry.Value.Place,
                $"{path}.{name} is {entry.Value.Describe()}; allowed: a mapping of {string.Join(", ", field.Section.Names)}. Write its fields below it, indented.");
        }
        return byName;
    }

    private void CheckExactlyOne(ManifestShape shape, YamlMap map, string path)
    {
        string[] written = [.. shape.ExactlyOne.Where(name => map.Find(name) is not null)];
        if (shape.ExactlyOne.Count == 0 || written.Length == 1) return;
        var all = string.Join(", ", shape.ExactlyOne);
        if (written.Length == 0) findings.Add(map.Place, $"{path} has none of {all}; exactly one is needed. Add one.");
        else findings.Add(map.Find(written[1])!.Key.Place, $"{path} has {string.Join(" and ", written)}; exactly one of {all} is allowed. Remove the others.");
    }
}
