using System.Text.RegularExpressions;

namespace Edge.Cluster.Trust;

/// <summary>What a node may be called: a DNS label (RFC 1123), because its certificate carries the name as a DNS name.</summary>
public static partial class NodeName
{
    /// <summary>The rule in words.</summary>
    public const string Allowed = "1–63 of a–z, 0–9 and '-', which neither begins nor ends it";

    /// <summary>Whether a text may be a node's name.</summary>
    public static bool IsValid(string name) => Label().IsMatch(name);

    [GeneratedRegex("\\A[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\z")]
    private static partial Regex Label();
}
