using Edge.Messages.Book;

namespace Edge.Cluster.Book;

/// <summary>Names a placed actor, as in a cluster identity.</summary>
/// <param name="Kind">Kind: <c>channel</c>.</param>
/// <param name="Identity">Identity: <c>acme/boiler</c>.</param>
public readonly record struct ActorName(string Kind, string Identity)
{
    /// <summary>The name of a placement's actor.</summary>
    public static ActorName Of(Placement placement)
    {
        ArgumentNullException.ThrowIfNull(placement);
        return new(placement.Kind, placement.Identity);
    }

    /// <summary><c>kind/identity</c>.</summary>
    public override string ToString() => $"{Kind}/{Identity}";
}
