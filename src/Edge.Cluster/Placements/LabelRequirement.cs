using System.Globalization;

namespace Edge.Cluster.Placements;

/// <summary>What a node's labels must hold: <c>arch=arm64</c>, or just <c>gpio</c> for a label of any value.</summary>
/// <param name="Name">Name of the label.</param>
/// <param name="Value">Its value; null: any.</param>
public readonly record struct LabelRequirement(string Name, string? Value = null)
{
    /// <summary>Reads <c>name=value</c> or <c>name</c>.</summary>
    public static LabelRequirement Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var at = text.IndexOf('=', StringComparison.Ordinal);
        return at < 0 ? new(text.Trim()) : new(text[..at].Trim(), text[(at + 1)..].Trim());
    }

    /// <summary>Whether these labels fulfil it.</summary>
    public bool IsMetBy(IReadOnlyDictionary<string, string> labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        return labels.TryGetValue(Name, out var found) && (Value is null || found == Value);
    }

    /// <summary>As it is written.</summary>
    public override string ToString() => Value is null ? Name : string.Create(CultureInfo.InvariantCulture, $"{Name}={Value}");
}
