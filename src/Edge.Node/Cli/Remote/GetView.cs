namespace Edge.Node.Cli.Remote;

/// <summary>How <c>edge get</c> was asked to show things.</summary>
/// <param name="Tenant">Only of this tenant; null: all.</param>
/// <param name="Output">table, wide, json or yaml.</param>
/// <param name="Watch">Go on with every change.</param>
/// <param name="Stale">Take what the node has.</param>
/// <param name="To">Where to write.</param>
internal sealed record GetView(string? Tenant, string Output, bool Watch, bool Stale, TextWriter To)
{
    /// <summary>Whether more columns are wanted.</summary>
    public bool Wide => Output == "wide";

    /// <summary>The query of a list.</summary>
    public string Query(params (string Name, string? Value)[] more)
    {
        string[] parts = [.. more.Append(("tenant", Tenant)).Append(("stale", Stale ? "ok" : null)).Append(("watch", Watch ? "true" : null)).Where(one => !string.IsNullOrEmpty(one.Item2)).Select(one => $"{one.Item1}={Uri.EscapeDataString(one.Item2!)}")];
        return parts.Length == 0 ? "" : "?" + string.Join('&', parts);
    }
}
