using System.Globalization;

namespace Edge.Node.Configuration.Yaml;

/// <summary>A value of a YAML document and where it begins. The set is closed: <see cref="YamlScalar"/>, <see cref="YamlList"/>, <see cref="YamlMap"/>.</summary>
internal abstract record YamlNode(Place Place)
{
    /// <summary>What it is, for <c>… is a list</c>.</summary>
    public abstract string Describe();
}

/// <summary>Text, a number, true, false or nothing: YAML decides by how it is written, <paramref name="Plain"/> (without quotes) or not.</summary>
internal sealed record YamlScalar(Place Place, string Text, bool Plain) : YamlNode(Place)
{
    /// <summary>Nothing was written, or <c>null</c>.</summary>
    public bool IsNothing => Plain && Text is "" or "~" or "null" or "Null" or "NULL";

    /// <summary>YAML 1.2 reads it as true or false.</summary>
    public bool IsBoolean => Plain && Text is "true" or "True" or "TRUE" or "false" or "False" or "FALSE";

    /// <summary>YAML 1.2 reads it as a number.</summary>
    public bool IsNumber => Plain && (YamlNumber.IsDecimal(Text) || YamlNumber.IsOther(Text));

    public override string Describe() =>
        IsNothing ? "nothing" :
        IsNumber ? $"the number {Text}" :
        IsBoolean ? Text.ToLower(CultureInfo.InvariantCulture) :
        Plain ? Quote.Of(Text) : $"the text {Quote.Of(Text)}";
}

/// <summary>A sequence.</summary>
internal sealed record YamlList(Place Place, IReadOnlyList<YamlNode> Items) : YamlNode(Place)
{
    public override string Describe() => "a list";
}

/// <summary>A mapping; its keys are unique.</summary>
internal sealed record YamlMap(Place Place, IReadOnlyList<YamlEntry> Entries) : YamlNode(Place)
{
    public override string Describe() => "a mapping";

    /// <summary>The entry named <paramref name="key"/>, or null.</summary>
    public YamlEntry? Find(string key) => Entries.FirstOrDefault(entry => entry.Key.Text == key);

    /// <summary>Where the value at <paramref name="path"/> is; as much of the path as there is.</summary>
    // An empty value has no place of its own: its key is where a person must write.
    public Place At(params ReadOnlySpan<string> path) => Last(path) is { } entry ? (entry.Value is YamlScalar { IsNothing: true } ? entry.Key : entry.Value).Place : Place;

    /// <summary>Where the last key of <paramref name="path"/> is; as much of the path as there is.</summary>
    public Place KeyAt(params ReadOnlySpan<string> path) => Last(path)?.Key.Place ?? Place;

    private YamlEntry? Last(ReadOnlySpan<string> path)
    {
        YamlEntry? last = null;
        YamlNode node = this;
        foreach (var step in path)
        {
            if (node is not YamlMap map || map.Find(step) is not { } entry) break;
            (last, node) = (entry, entry.Value);
        }
        return last;
    }
}

/// <summary>A key and its value.</summary>
internal sealed record YamlEntry(YamlScalar Key, YamlNode Value);
