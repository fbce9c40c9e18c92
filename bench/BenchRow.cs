using System.Text.Json.Serialization;

namespace Edge.Bench;

/// <summary>One figure of ours beside a peer's or a limit, from the same run.</summary>
/// <param name="Id">Stable name of the figure.</param>
/// <param name="Unit">Unit of both numbers.</param>
/// <param name="Ours">Null when it could not be measured.</param>
/// <param name="Peer">Null when the peer is not installed, or there is none.</param>
/// <param name="PeerName">Who the peer is, or what to install for it.</param>
/// <param name="Goal">What is aimed at, such as <c>ratio &lt;= 2</c>; null where the figure is only told.</param>
internal sealed record BenchRow(
    [property: JsonPropertyName("id")] string Id,
    [property: JsonPropertyName("unit")] string Unit,
    [property: JsonPropertyName("ours")] double? Ours,
    [property: JsonPropertyName("peer")] double? Peer,
    [property: JsonPropertyName("peerName")] string PeerName,
    [property: JsonPropertyName("goal"), JsonPropertyOrder(1)] string? Goal)
{
    /// <summary>Ours divided by the peer's.</summary>
    [JsonPropertyName("ratio")]
    public double? Ratio => Ours is { } ours && Peer is > 0 and { } peer ? Math.Round(ours / peer, 4) : null;
}

/// <summary>What one benchmark found.</summary>
/// <param name="Name">The benchmark.</param>
/// <param name="Machine">Where it ran.</param>
/// <param name="Rows">Its figures.</param>
internal sealed record BenchReport(
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("machine")] string Machine,
    [property: JsonPropertyName("rows")] IReadOnlyList<BenchRow> Rows);
